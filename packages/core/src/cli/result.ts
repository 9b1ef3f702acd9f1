import type { ExitCode } from '../errors/platform-error.ts'
import { PlatformError } from '../errors/platform-error.ts'
import { visibleText } from './visible-text.ts'

/** What a failed partition says of its failure. */
export interface ResultError {
  readonly code: string
  readonly message: string
  readonly is_retryable: boolean
}

/** One line on stdout: what became of one dataset and day. */
export interface PartitionResult {
  readonly type: 'partition'
  readonly app: string
  readonly run_id: string
  readonly dataset: string
  readonly date: string
  readonly status: 'published' | 'loaded' | 'unchanged' | 'not_delivered' | 'failed' | 'planned' | 'checked'
  readonly exit_code: ExitCode
  readonly error?: ResultError
  /** Counts and keys of the app that did the work. */
  readonly [fact: string]: unknown
}

/** The last line on stdout: the whole run. */
export interface RunResult {
  readonly type: 'run'
  readonly app: string
  readonly command: string
  readonly run_id: string
  readonly exit_code: ExitCode
  readonly error?: ResultError
  readonly results: readonly PartitionResult[]
}

/** The exit code of a failure; what the platform did not raise itself may be worth a retry. */
export function exitCodeOf(error: unknown): ExitCode {
  return error instanceof PlatformError ? error.exitCode : 1
}

/** What a failure says on stdout. */
export function resultError(error: unknown): ResultError {
  if (error instanceof PlatformError) {
    return { code: error.code, message: visibleText(error.message), is_retryable: error.isRetryable }
  }
  const message = error instanceof Error ? error.message : String(error)
  return { code: 'unexpected', message: visibleText(message), is_retryable: true }
}

/** The exit code of a run: what nobody can mend by waiting outweighs what a retry may, which outweighs a late day. */
export function worstExitCode(codes: readonly ExitCode[]): ExitCode {
  return ([2, 1, 3] as const).find((code) => codes.includes(code)) ?? 0
}
