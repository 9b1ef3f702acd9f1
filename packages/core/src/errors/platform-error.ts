/** What a process says to whoever started it; see docs: Commands. */
export type ExitCode = 0 | 1 | 2 | 3

/** Facts about a failure that may be logged: never a row's value, never a secret. */
export type ErrorContext = Readonly<Record<string, string | number | boolean | undefined>>

/** What every error of the platform is made with. */
export interface ErrorOptions {
  cause?: unknown
  context?: ErrorContext
}

/**
 * Base of every error the platform raises on purpose. The message says what failed, which one, and what to do
 * next. `code` is stable and may be matched on.
 */
export abstract class PlatformError extends Error {
  abstract readonly isRetryable: boolean
  abstract readonly exitCode: ExitCode
  readonly code: string
  readonly context: ErrorContext

  constructor(code: string, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = new.target.name
    this.code = code
    this.context = options.context ?? {}
  }
}
