import { PermanentError } from './permanent-error.ts'

/** A delivery breaks its contract as a whole, so nothing of it is published. */
export class ContractError extends PermanentError {}
