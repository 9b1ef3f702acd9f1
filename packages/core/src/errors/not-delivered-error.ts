import { PlatformError } from './platform-error.ts'

/** The day's delivery is not there yet: normal, to be asked again later (exit 3). */
export class NotDeliveredError extends PlatformError {
  readonly isRetryable = true
  readonly exitCode = 3
}
