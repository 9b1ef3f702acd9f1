import { PlatformError } from './platform-error.ts'

/** The source, the store or the warehouse did not answer as it should; the same run may succeed later (exit 1). */
export class TransientError extends PlatformError {
  readonly isRetryable = true
  readonly exitCode = 1
}
