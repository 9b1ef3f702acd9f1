import { PermanentError } from './permanent-error.ts'

/** A flag or a setting is missing or wrong; the message lists every fault and how to mend it. */
export class ConfigError extends PermanentError {}
