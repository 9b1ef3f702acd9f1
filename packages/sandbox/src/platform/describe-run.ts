import type { PartitionResult, RunResult } from '@coretelecoms/core'
import type { ProgressStep } from '../console/progress.ts'

const toldFailures = 5

/** Ends a step by what became of a run: a failure is told with its reasons, a day that is not delivered is none. */
export function endStep(step: ProgressStep, run: RunResult, results: readonly PartitionResult[]): void {
  if (run.exit_code === 0 || run.exit_code === 3) step.done(countStatuses(results))
  else step.fail([countStatuses(results), ...failureMessages(run, results)].filter((line) => line !== '').join('\n'))
}

/** `3 published, 1 not delivered` */
export function countStatuses(results: readonly PartitionResult[]): string {
  const counts = new Map<string, number>()
  for (const { status } of results) counts.set(status, (counts.get(status) ?? 0) + 1)
  return [...counts].map(([status, count]) => `${count} ${status.replaceAll('_', ' ')}`).join(', ')
}

/** Why it failed, each reason once; a reason that every day has would fill the screen. */
function failureMessages(run: RunResult, results: readonly PartitionResult[]): string[] {
  const failed = results.filter(({ status }) => status === 'failed')
  const messages = [...new Set([run, ...failed].flatMap(({ error }) => (error ? [`  ${error.message}`] : [])))]
  const untold = messages.length - toldFailures
  return untold > 0 ? [...messages.slice(0, toldFailures), `  and ${untold} more, in the log`] : messages
}
