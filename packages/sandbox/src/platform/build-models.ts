import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Progress } from '../console/progress.ts'
import { ensurePythonEnvironment } from '../python/environment.ts'
import { repositoryRoot } from './repository.ts'
import { type DbtOutcome, runDbt } from './run-dbt.ts'
import type { WarehouseClient } from './warehouse-client.ts'

/** What the models are built with. */
export interface BuildModelsOptions {
  readonly warehouse: WarehouseClient
  /** How dbt reaches the warehouse. */
  readonly environment: Readonly<Record<string, string>>
  /** Last day of the world: every measure is as of it. */
  readonly asOfDate: string
  /** What the models were last built from; they are left as they are when that is what is there now. */
  readonly modelledFrom: string | null
  readonly targetDirectory: string
  readonly logFile: string
  readonly progress: Progress
  readonly signal: AbortSignal
}

/** The models as they are now. */
export interface BuiltModels {
  readonly modelledFrom: string
  /** Undefined when nothing had to be built. */
  readonly outcome: DbtOutcome | undefined
}

/** Builds and tests all models with dbt, unless neither what is loaded nor the project changed since they were built. */
export async function buildModels(options: BuildModelsOptions): Promise<BuiltModels> {
  const { progress, signal } = options
  const step = progress.step('dbt')
  try {
    const modelledFrom = await fingerprintInputs(options.warehouse, options.asOfDate)
    if (modelledFrom === options.modelledFrom) {
      step.done('unchanged')
      return { modelledFrom, outcome: undefined }
    }
    const { python, bin } = await ensurePythonEnvironment({ name: 'dbt', root: repositoryRoot, signal })
    const outcome = await runDbt({
      python,
      // Unit tests prove the SQL and not the data: `npm test` runs them.
      arguments: ['build', '--exclude-unit-tests', '--date', options.asOfDate],
      environment: {
        ...options.environment,
        PATH: `${bin}:${process.env['PATH'] ?? ''}`,
        HOME: options.targetDirectory,
      },
      targetDirectory: options.targetDirectory,
      logFile: options.logFile,
      onProgress: (done, total, name) => step.update(done / total, name),
      signal,
    })
    const { passed, warned, failed } = outcome
    const counts = `${passed} models, seeds, snapshots and tests passed, ${warned} warned, ${failed} failed`
    if (failed > 0) step.fail(`${counts}\n${outcome.failures.join('\n')}`)
    else step.done(counts)
    return { modelledFrom, outcome }
  } catch (error) {
    step.fail('stopped')
    throw error
  }
}

/** A hash over what is loaded, the dbt project and the day: the same hash gives the same models. */
async function fingerprintInputs(warehouse: WarehouseClient, asOfDate: string): Promise<string> {
  const hash = createHash('sha256').update(asOfDate)
  const loads = await warehouse.query('SELECT load_id FROM ops.load_ledger WHERE is_current ORDER BY load_id')
  for (const { load_id: loadId } of loads) hash.update(`${String(loadId)}\n`)
  const project = join(repositoryRoot, 'dbt')
  const entries = await readdir(project, { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    // What the last tests counted is no part of the project.
    .filter((file) => !file.startsWith(join(project, '.report')))
  for (const file of files.sort()) hash.update(file.slice(project.length)).update(await readFile(file))
  return hash.digest('hex')
}
