import type { RunResult } from '@coretelecoms/core'
import type { Progress } from '../console/progress.ts'
import { endStep } from './describe-run.ts'
import { runApp } from './run-app.ts'

/** What the loader is run with. */
export interface LoadOptions {
  readonly runId: string
  readonly days: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  /** The environment of `migrate`, which acts as the owner of the schemas. */
  readonly migrationEnvironment: Readonly<Record<string, string>>
  readonly logFile: string
  readonly runLogFile: string
  readonly progress: Progress
  readonly signal: AbortSignal
}

/** Brings the warehouse to the tables of the contracts, then loads every publication it does not have yet. */
export async function loadWarehouse(options: LoadOptions): Promise<RunResult> {
  const step = options.progress.step('loader-snowflake')
  const common = {
    app: 'loader-snowflake',
    logFile: options.logFile,
    signal: options.signal,
  } as const
  try {
    step.update(undefined, 'migrate')
    const migration = await runApp({
      ...common,
      environment: options.migrationEnvironment,
      arguments: ['migrate', '--run-id', options.runId],
    })
    if (migration.exit_code !== 0) {
      endStep(step, migration, migration.results)
      return migration
    }
    const dates = `${options.days[0]}..${options.days.at(-1)}`
    const run = await runApp({
      ...common,
      environment: options.environment,
      arguments: ['run', '--date', dates, '--run-id', options.runId, '--run-log', options.runLogFile],
      onResult: (result) => step.update(undefined, `${result.dataset} ${result.date} ${result.status}`),
    })
    endStep(step, run, run.results)
    return run
  } catch (error) {
    step.fail('stopped')
    throw error
  }
}
