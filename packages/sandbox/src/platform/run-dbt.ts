import { execa } from 'execa'
import { createWriteStream } from 'node:fs'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { repositoryRoot } from './repository.ts'

/** How dbt is run. */
export interface RunDbtOptions {
  /** The dbt program of its Python environment. */
  readonly program: string
  readonly arguments: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  /** Folder for what dbt compiles and remembers between runs. */
  readonly targetDirectory: string
  readonly logFile: string
  onProgress(done: number, total: number, name: string): void
  readonly signal: AbortSignal
}

/** How a dbt run ended. */
export interface DbtOutcome {
  readonly passed: number
  readonly warned: number
  readonly failed: number
  /** What failed, in dbt's words. */
  readonly failures: readonly string[]
}

const eventSchema = z.looseObject({
  info: z.looseObject({ name: z.string(), level: z.string(), msg: z.string() }),
  data: z.looseObject({
    index: z.number().optional(),
    total: z.number().optional(),
    num_models: z.number().optional(),
    node_info: z.looseObject({ node_name: z.string().optional(), node_status: z.string().optional() }).optional(),
  }),
})

/** Runs dbt and counts what passed, warned and failed. Throws when dbt could not run at all, with its own words. */
export async function runDbt(options: RunDbtOptions): Promise<DbtOutcome> {
  const { targetDirectory, logFile, signal } = options
  await mkdir(dirname(logFile), { recursive: true })
  await mkdir(targetDirectory, { recursive: true })
  await rm(join(targetDirectory, 'run_results.json'), { force: true })
  const log = createWriteStream(logFile, { flags: 'a' })
  const project = join(repositoryRoot, 'dbt')
  // The log is what is printed, kept below; dbt's own file would hold it a second time.
  const words = ['--log-format', 'json', '--log-level-file', 'none', '--no-use-colors', ...options.arguments]
  const subprocess = execa(options.program, [...words, '--project-dir', project, '--profiles-dir', project], {
    cwd: targetDirectory,
    env: { ...options.environment, DBT_TARGET_PATH: targetDirectory, DBT_LOG_PATH: dirname(logFile) },
    extendEnv: false,
    reject: false,
    buffer: false,
    stdin: 'ignore',
    stderr: 'inherit',
    cancelSignal: signal,
  })
  const failures: string[] = []
  let done = 0
  for await (const line of subprocess.iterable({ from: 'stdout' })) {
    log.write(`${line}\n`)
    const event = readEvent(line)
    if (!event) continue
    if (event.info.level === 'error') failures.push(event.info.msg)
    if (finishedEvents.has(event.info.name)) {
      done += 1
      options.onProgress(done, event.data.total ?? done, event.data.node_info?.node_name ?? '')
    }
  }
  const { exitCode } = await subprocess
  await new Promise<void>((resolve) => log.end(resolve))
  signal.throwIfAborted()
  const outcome = { ...(await countResults(targetDirectory)), failures }
  if (exitCode !== 0 && outcome.failed === 0) {
    throw new Error(`dbt ended with exit code ${exitCode ?? 'none'}; its log is ${logFile}\n${failures.join('\n')}`)
  }
  return outcome
}

const resultsSchema = z.looseObject({ results: z.array(z.looseObject({ status: z.string() })) })

/** Counts what dbt wrote down of its last run; nothing when it did not come that far. */
async function countResults(targetDirectory: string): Promise<Omit<DbtOutcome, 'failures'>> {
  const text = await readFile(join(targetDirectory, 'run_results.json'), 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '{"results":[]}'
    throw error
  })
  const statuses = resultsSchema.parse(JSON.parse(text)).results.map((result) => result.status)
  const passed = statuses.filter((status) => status === 'success' || status === 'pass').length
  const warned = statuses.filter((status) => status === 'warn').length
  return { passed, warned, failed: statuses.length - passed - warned }
}

const finishedEvents = new Set([
  'LogModelResult',
  'LogTestResult',
  'LogSeedResult',
  'LogSnapshotResult',
  'LogNodeResult',
  'LogUnitTestResult',
  'LogNodeNoOpResult',
  'SkippingDetails',
])

function readEvent(line: string): z.infer<typeof eventSchema> | undefined {
  try {
    return eventSchema.safeParse(JSON.parse(line)).data
  } catch {
    return undefined // a line that is no event: Python's own warnings, which the log keeps
  }
}
