import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import pRetry, { AbortError } from 'p-retry'
import { readLogTail } from './log-tail.ts'
import { ServiceError } from './service-error.ts'
import { recordService, type StopSignal } from './service-record.ts'
import { stopProcess } from './stop-process.ts'

/** A server to run beside this process. */
export interface ProcessOptions {
  name: string
  command: string
  args: readonly string[]
  /** The whole environment: nothing is inherited, so that no credential of the person who starts it leaks in. */
  env: Readonly<Record<string, string>>
  workingDirectory?: string | undefined
  /** Both its outputs are appended here. */
  logFile: string
  /** Folder that records it while it runs; see `stopLeftovers`. */
  runDirectory: string
  /** Resolves once it answers, throws until then. */
  health: () => Promise<void>
  /** Default 30 s. */
  healthTimeoutMs?: number | undefined
  signal?: AbortSignal | undefined
  /** How long a clean stop may take. Default 10 s. */
  graceMs?: number | undefined
  /** What asks it to stop. Default SIGTERM. */
  stopSignal?: StopSignal | undefined
  /** User and group to run as; only root may set them. */
  identity?: { uid: number; gid: number } | undefined
}

/** A process that answers. */
export interface RunningProcess {
  readonly pid: number
  /** Resolves when it has ended, however that came about. */
  readonly ended: Promise<void>
  stop(): Promise<void>
}

/**
 * Starts a server in a process group of its own, so that Ctrl-C reaches it through us and not past us, and waits until
 * it is healthy. Throws a ServiceError with the last lines of its log when it ends early or does not answer in time;
 * nothing is left running then.
 */
export async function startProcess(options: ProcessOptions): Promise<RunningProcess> {
  const { name, logFile, runDirectory, signal, stopSignal = 'SIGTERM', healthTimeoutMs = 30_000 } = options
  signal?.throwIfAborted()
  let exit: string | undefined
  const { pid, ending } = await spawnDetached(options)
  const ended = ending.then((how) => {
    exit = how
  })
  const record = (): Promise<() => Promise<void>> => recordService({ directory: runDirectory, name, pid, stopSignal })
  const forget = await record()
  const end = async (): Promise<void> => {
    await stopProcess({ pid, signal: stopSignal, graceMs: options.graceMs, isRunning: () => exit === undefined })
    await ended
    await forget()
  }
  let stopping: Promise<void> | undefined
  const stop = (): Promise<void> => (stopping ??= end())

  try {
    await waitUntilHealthy(options, healthTimeoutMs, () => exit)
    // Once more: what was started may have been a wrapper that became the server and has its command line now.
    await record()
  } catch (error) {
    await stop()
    signal?.throwIfAborted()
    const reason = error instanceof EarlyExit ? error.message : timeoutReason(error, healthTimeoutMs)
    const tail = await readLogTail(logFile)
    const hint = tail === '' ? `Its log ${logFile} is empty.` : `Its log ${logFile} ends with\n${tail}`
    throw new ServiceError(name, `${name} did not start: ${reason}. Mend what its log says and start again. ${hint}`, {
      cause: error,
    })
  }
  return { pid, ended, stop }
}

class EarlyExit extends Error {}

async function waitUntilHealthy(
  options: ProcessOptions,
  timeoutMs: number,
  exit: () => string | undefined,
): Promise<void> {
  await pRetry(
    async () => {
      const how = exit()
      if (how !== undefined) throw new AbortError(new EarlyExit(`it ${how} before it answered`))
      await options.health()
    },
    {
      retries: Number.POSITIVE_INFINITY,
      factor: 1.2,
      minTimeout: 25,
      maxTimeout: 500,
      maxRetryTime: timeoutMs,
      ...(options.signal ? { signal: options.signal } : {}),
    },
  )
}

function timeoutReason(error: unknown, timeoutMs: number): string {
  const last = error instanceof Error ? error.message : String(error)
  return `it did not answer within ${timeoutMs / 1000} s (${last})`
}

async function spawnDetached(options: ProcessOptions): Promise<{ pid: number; ending: Promise<string> }> {
  await mkdir(dirname(options.logFile), { recursive: true })
  // The file itself and no pipe: the server must be able to go on writing when this process is gone. (This is what
  // execa's types do not allow.)
  const log = await open(options.logFile, 'a')
  try {
    const child = spawn(options.command, options.args, {
      env: options.env,
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      ...(options.workingDirectory === undefined ? {} : { cwd: options.workingDirectory }),
      ...options.identity,
    })
    const ending = new Promise<string>((resolve) => {
      child.once('exit', (exitCode, killedBy) => {
        resolve(exitCode === null ? `was ended by ${killedBy ?? 'a signal'}` : `ended with exit code ${exitCode}`)
      })
    })
    await once(child, 'spawn')
    if (child.pid === undefined) throw new Error('it has no process id')
    return { pid: child.pid, ending }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new ServiceError(options.name, `${options.name} cannot be run: ${reason}`, { cause: error })
  } finally {
    await log.close()
  }
}
