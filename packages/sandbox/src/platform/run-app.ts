import type { PartitionResult, RunResult } from '@coretelecoms/core'
import { execa } from 'execa'
import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { repositoryRoot } from './repository.ts'

/** The apps that land and load. */
export type AppName = 'extract-s3' | 'extract-postgres' | 'extract-sheets' | 'loader-snowflake'

/** How an app is run: as a container would, with nothing but arguments and environment variables. */
export interface RunAppOptions {
  readonly app: AppName
  readonly arguments: readonly string[]
  /** The whole environment; nothing is inherited. */
  readonly environment: Readonly<Record<string, string>>
  /** Its stderr is appended here. */
  readonly logFile: string
  onResult?(result: PartitionResult): void
  onProgress?(progress: AppProgress): void
  readonly signal: AbortSignal
}

/** How far one delivery is, as the app's log says. */
export interface AppProgress {
  readonly step: string
  readonly bytes: number
  readonly rows: number
  readonly totalBytes: number | undefined
}

const partitionSchema = z.looseObject({
  type: z.literal('partition'),
  dataset: z.string(),
  date: z.string(),
  status: z.string(),
  exit_code: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]),
})
const runSchema = z.looseObject({ type: z.literal('run'), exit_code: z.number(), results: z.array(partitionSchema) })
const progressSchema = z.looseObject({
  msg: z.literal('progress'),
  step: z.string(),
  bytes: z.number(),
  rows: z.number(),
  total_bytes: z.number().optional(),
})

/**
 * Runs a built app to its end and returns the last line of its stdout. An exit code other than 0 is in the result; throws
 * only when the app said nothing that could be read, or was stopped.
 */
export async function runApp(options: RunAppOptions): Promise<RunResult> {
  await mkdir(dirname(options.logFile), { recursive: true })
  const log = createWriteStream(options.logFile, { flags: 'a' })
  const program = join(repositoryRoot, 'apps', options.app, 'dist', 'main.js')
  // A small young generation: what the apps hold is buffers outside the heap, and this saves 25 MiB.
  const subprocess = execa(process.execPath, ['--max-semi-space-size=1', program, ...options.arguments], {
    env: { ...options.environment },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    buffer: false,
    cancelSignal: options.signal,
    forceKillAfterDelay: 10_000,
  })
  let result: RunResult | undefined
  const readOutput = async (): Promise<void> => {
    for await (const line of subprocess.iterable({ from: 'stdout' })) {
      const parsed = parseLine(line)
      if (runSchema.safeParse(parsed).success) result = parsed as RunResult
      else if (partitionSchema.safeParse(parsed).success) options.onResult?.(parsed as PartitionResult)
    }
  }
  const readLog = async (): Promise<void> => {
    for await (const line of subprocess.iterable({ from: 'stderr' })) {
      log.write(`${line}\n`)
      const progress = progressSchema.safeParse(parseLine(line))
      if (progress.success) {
        const { step, bytes, rows, total_bytes: totalBytes } = progress.data
        options.onProgress?.({ step, bytes, rows, totalBytes })
      }
    }
  }
  const [{ exitCode, signal }] = await Promise.all([subprocess, readOutput(), readLog()])
  await new Promise<void>((resolve) => log.end(resolve))
  options.signal.throwIfAborted()
  if (!result || result.exit_code !== exitCode) {
    throw new Error(
      `${options.app} ended with ${exitCode === undefined ? (signal ?? 'no exit code') : `exit code ${exitCode}`} and no result; its log is ${options.logFile}`,
    )
  }
  return result
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined // not one of ours: a warning of Node itself, which the log keeps
  }
}
