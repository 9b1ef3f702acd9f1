import { PlatformError } from './platform-error.ts'

/** Nothing will change by trying again: somebody has to act first (exit 2). */
export class PermanentError extends PlatformError {
  readonly isRetryable = false
  readonly exitCode = 2
}
