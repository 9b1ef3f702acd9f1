import { PermanentError } from './permanent-error.ts'

/** A credential is wrong or lacks a permission; the message names the action that was denied. */
export class PermissionError extends PermanentError {}
