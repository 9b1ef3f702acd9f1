import type { ExitCode, PartitionResult, RunResult } from '@coretelecoms/core'
import type { ReconciliationLine } from '../../src/platform/figures.ts'

const exitCodes: Partial<Record<PartitionResult['status'], ExitCode>> = { failed: 2, not_delivered: 3 }

/** What an app says of one dataset and day. */
export function partition(
  dataset: string,
  date: string,
  status: PartitionResult['status'],
  facts: Partial<PartitionResult> = {},
): PartitionResult {
  const exit_code = exitCodes[status] ?? 0
  return { type: 'partition', app: 'app', run_id: 'run', dataset, date, status, exit_code, ...facts }
}

/** What an app says at its end. */
export function run(results: readonly PartitionResult[], facts: Partial<RunResult> = {}): RunResult {
  const codes = results.map((result) => result.exit_code)
  const exit_code = ([2, 1, 3] as const).find((code) => codes.includes(code)) ?? 0
  return { type: 'run', app: 'app', command: 'run', run_id: 'run', exit_code, results, ...facts }
}

/** A line of the mart that balances, unless it is told otherwise. */
export function martLine(dataset: string, date: string, counts: Partial<ReconciliationLine> = {}): ReconciliationLine {
  const rows = { source: 10, landed: 9, quarantined: 1, loaded: 9, staged: 7, deduplicated: 2 }
  return { dataset, date, ...rows, isBalanced: true, ...counts }
}
