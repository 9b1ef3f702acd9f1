import type { PartitionResult, RunResult } from '@coretelecoms/core'
import { appendFile } from 'node:fs/promises'
import type { Progress } from '../console/progress.ts'
import { endStep } from './describe-run.ts'
import { type AppName, runApp } from './run-app.ts'

/** What the extractors are run with. */
export interface LandOptions {
  readonly runId: string
  readonly days: readonly string[]
  readonly guardFlags: readonly string[]
  environmentOf(app: AppName): Promise<Record<string, string>>
  logFileOf(app: AppName): string
  /** Every result line of the extractors is appended here: the loader writes them to OPS.RUN_LOG. */
  readonly runLogFile: string
  readonly progress: Progress
  readonly signal: AbortSignal
}

const extractors = ['extract-s3', 'extract-postgres', 'extract-sheets'] as const

/** Runs the three extractors side by side over all days and returns what became of each dataset and day. */
export async function landSources(options: LandOptions): Promise<RunResult[]> {
  return Promise.all(extractors.map((app) => runExtractor(app, options)))
}

async function runExtractor(app: AppName, options: LandOptions): Promise<RunResult> {
  const step = options.progress.step(app)
  const results: PartitionResult[] = []
  const dates = `${options.days[0]}..${options.days.at(-1)}`
  try {
    const run = await runApp({
      app,
      arguments: ['run', '--date', dates, '--run-id', options.runId, ...options.guardFlags],
      environment: await options.environmentOf(app),
      logFile: options.logFileOf(app),
      onResult: (result) => {
        results.push(result)
        step.update(undefined, `${result.dataset} ${result.date} ${result.status}`)
      },
      onProgress: ({ step: name, bytes, rows, totalBytes }) =>
        step.update(totalBytes ? bytes / totalBytes : undefined, `${name} ${rows.toLocaleString('en')} rows`),
      signal: options.signal,
    })
    await appendFile(options.runLogFile, results.map((result) => `${JSON.stringify(result)}\n`).join(''))
    endStep(step, run, results)
    return run
  } catch (error) {
    step.fail('stopped')
    throw error
  }
}
