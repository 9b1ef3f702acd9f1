import { datasets, type ExitCode, type PartitionResult, type RunResult, worstExitCode } from '@coretelecoms/core'
import type { MissingDelivery } from '../world/world.ts'
import type { ReconciliationLine } from './figures.ts'

/** One dataset and day, with its rows at every hop and what to think of it. */
export interface HopLine {
  readonly dataset: string
  readonly date: string
  readonly counts: ReconciliationLine | undefined
  readonly verdict: string
  readonly isInOrder: boolean
}

/** What a run amounts to. */
export interface Reconciliation {
  readonly lines: readonly HopLine[]
  readonly exitCode: ExitCode
}

/**
 * Puts what each app said beside what the warehouse holds, for every dataset and day of the world. A line is in order
 * when all its hops balance, or when a delivery is late that the world itself declares as late; one that no app said
 * anything about is not.
 */
export function reconcile(options: {
  days: readonly string[]
  extractions: readonly RunResult[]
  load: RunResult | undefined
  marts: readonly ReconciliationLine[]
  declaredLate: readonly MissingDelivery[]
}): Reconciliation {
  const { days, extractions, load, marts, declaredLate } = options
  const landings = new Map(extractions.flatMap((run) => run.results).map((result) => [keyOf(result), result]))
  const loads = new Map((load?.results ?? []).map((result) => [keyOf(result), result]))
  const lines = datasets.flatMap(({ name: dataset }) =>
    days.flatMap((date): HopLine[] => {
      const landing = landings.get(keyOf({ dataset, date }))
      if (!landing) return [{ dataset, date, counts: undefined, verdict: 'not attempted', isInOrder: false }]
      return hopLine({ landing, load: loads.get(keyOf(landing)), marts, declaredLate })
    }),
  )
  const isLateOnly = (run: RunResult): boolean => run.exit_code === 3
  const failures = [...extractions, ...(load ? [load] : [])].filter((run) => !isLateOnly(run))
  const failed = worstExitCode(failures.map((run) => run.exit_code))
  const isInOrder = lines.every((line) => line.isInOrder)
  const isOnlyLate = lines.every((line) => line.isInOrder || line.verdict === notDelivered)
  const exitCode = failed !== 0 ? failed : isInOrder ? 0 : isOnlyLate ? 3 : 1
  return { lines, exitCode }
}

const notDelivered = 'not delivered yet'

function hopLine(options: {
  landing: PartitionResult
  load: PartitionResult | undefined
  marts: readonly ReconciliationLine[]
  declaredLate: readonly MissingDelivery[]
}): HopLine[] {
  const { landing, load, marts, declaredLate } = options
  const { dataset, date, status } = landing
  const counts = marts.find((line) => line.dataset === dataset && line.date === date)
  if (status === 'not_delivered') {
    const isDeclared = declaredLate.some((late) => late.dataset === dataset && late.day === date)
    return [{ dataset, date, counts: undefined, verdict: notDelivered, isInOrder: isDeclared }]
  }
  if (status === 'failed') {
    const word = landing.exit_code === 2 ? 'refused' : 'failed'
    const verdict = `${word}: ${landing.error?.code ?? 'no reason'}`
    return [{ dataset, date, counts: undefined, verdict, isInOrder: false }]
  }
  // A static dataset that did not change since an earlier day has its line there.
  if (!counts && status === 'unchanged' && landing['published_date'] !== date) return []
  if (load?.status === 'failed') {
    return [{ dataset, date, counts, verdict: `not loaded: ${load.error?.code ?? 'failed'}`, isInOrder: false }]
  }
  if (!counts) return [{ dataset, date, counts, verdict: 'not in the marts', isInOrder: false }]
  const isBalanced = counts.isBalanced && addsUp(counts) && counts.source === landing['read']
  const word = status === 'unchanged' && load?.status === 'unchanged' ? 'unchanged' : 'balanced'
  return [{ dataset, date, counts, verdict: isBalanced ? word : 'DOES NOT BALANCE', isInOrder: isBalanced }]
}

/** The same sums as the mart's own, made again outside the warehouse. */
function addsUp(line: ReconciliationLine): boolean {
  return (
    line.source === line.landed + line.quarantined &&
    line.landed === line.loaded &&
    line.loaded === line.staged + line.deduplicated
  )
}

function keyOf(result: Pick<PartitionResult, 'dataset' | 'date'>): string {
  return `${result.dataset} ${result.date}`
}
