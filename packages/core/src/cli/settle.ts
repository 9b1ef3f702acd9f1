import type { Dataset } from '../datasets/define-dataset.ts'
import type { CommandContext } from './program.ts'
import { exitCodeOf, type PartitionResult, resultError } from './result.ts'

/** What became of one dataset and day, with the facts that its line on stdout tells. */
export type Outcome = { readonly status: PartitionResult['status'] } & Readonly<Record<string, unknown>>

/** Which dataset and day are worked on, and how. */
export interface SettleOptions {
  readonly context: CommandContext
  readonly dataset: Pick<Dataset, 'name'>
  /** Logical date, YYYY-MM-DD. */
  readonly date: string
  work(): Promise<Outcome>
}

/** Turns what became of one dataset and day, success or failure, into its line on stdout; reports a failure. */
export async function settle({ context, dataset, date, work }: SettleOptions): Promise<PartitionResult> {
  const common = {
    type: 'partition',
    app: context.app.name,
    run_id: context.runId,
    dataset: dataset.name,
    date,
  } as const
  const startedAt = performance.now()
  const duration = (): number => Math.round(performance.now() - startedAt)
  try {
    const outcome = await work()
    return { ...common, exit_code: 0, ...outcome, duration_ms: duration() }
  } catch (error) {
    const cause: unknown = context.signal.aborted ? context.signal.reason : error
    const failure = resultError(cause)
    const exitCode = exitCodeOf(cause)
    context.reporter.error(failure.message, { code: failure.code, dataset: dataset.name, date })
    const status = exitCode === 3 ? 'not_delivered' : 'failed'
    return { ...common, status, exit_code: exitCode, error: failure, duration_ms: duration() }
  }
}
