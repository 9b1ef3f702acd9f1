import { execa } from 'execa'
import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { repositoryRoot } from './repository.ts'

/** How dbt is run. */
export interface RunDbtOptions {
  /** The Python of its environment. */
  readonly python: string
  /** Words of `dbt/build.py`. */
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
  /** Nodes that failed, and those that were skipped because of them. */
  readonly failed: number
  /** What failed, in dbt's words. */
  readonly failures: readonly string[]
}

const nodeSchema = z.looseObject({ type: z.literal('node'), name: z.string(), total: z.number().nullable() })
const runSchema = z.looseObject({
  type: z.literal('run'),
  exit_code: z.number(),
  passed: z.number(),
  warned: z.number(),
  failed: z.number(),
  skipped: z.number(),
  error: z.looseObject({ message: z.string() }).optional(),
  nodes: z.array(z.looseObject({ name: z.string(), message: z.string().nullable(), status: z.string() })).default([]),
})

/**
 * Runs `dbt/build.py`, as the platform's image of dbt does, and counts what passed, warned and failed. Throws when dbt
 * could not run at all, with its own words.
 */
export async function runDbt(options: RunDbtOptions): Promise<DbtOutcome> {
  const { targetDirectory, logFile, signal } = options
  await mkdir(dirname(logFile), { recursive: true })
  await mkdir(targetDirectory, { recursive: true })
  const log = createWriteStream(logFile, { flags: 'a' })
  const subprocess = execa(options.python, [join(repositoryRoot, 'dbt', 'build.py'), ...options.arguments], {
    cwd: targetDirectory,
    env: { ...options.environment, DBT_TARGET_PATH: targetDirectory },
    extendEnv: false,
    reject: false,
    buffer: false,
    stdin: 'ignore',
    cancelSignal: signal,
    forceKillAfterDelay: 10_000,
  })
  let done = 0
  let run: z.infer<typeof runSchema> | undefined
  const readOutput = async (): Promise<void> => {
    for await (const line of subprocess.iterable({ from: 'stdout' })) {
      const parsed: unknown = JSON.parse(line)
      const node = nodeSchema.safeParse(parsed)
      if (node.success) {
        done += 1
        options.onProgress(done, node.data.total ?? done, node.data.name)
      } else {
        run = runSchema.parse(parsed)
      }
    }
  }
  const readLog = async (): Promise<void> => {
    for await (const line of subprocess.iterable({ from: 'stderr' })) log.write(`${line}\n`)
  }
  const [{ exitCode }] = await Promise.all([subprocess, readOutput(), readLog()])
  await new Promise<void>((resolve) => log.end(resolve))
  signal.throwIfAborted()
  const failures = describeFailures(run)
  if (!run || (run.exit_code !== 0 && run.failed === 0)) {
    throw new Error(`dbt ended with exit code ${exitCode ?? 'none'}; its log is ${logFile}\n${failures.join('\n')}`)
  }
  return { passed: run.passed, warned: run.warned, failed: run.failed + run.skipped, failures }
}

/** What dbt said of the nodes that failed, or of why it ran none. */
function describeFailures(run: z.infer<typeof runSchema> | undefined): string[] {
  const failed = run?.nodes.filter((node) => node.message !== null && node.status !== 'warn') ?? []
  if (failed.length > 0) return failed.map((node) => `${node.name}: ${node.message}`)
  return run?.error ? [run.error.message] : []
}
