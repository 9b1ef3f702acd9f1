import type { RunningService } from './service.ts'

/** Services that live and end together. */
export interface ServiceGroup {
  /** Aborted when the group stops: hand it to every start, and to whatever else should end then. */
  readonly signal: AbortSignal
  /** Starts one more. If the group stops meanwhile, the service is stopped as soon as it has started. */
  start<Service extends Pick<RunningService, 'name' | 'stop'>>(
    starter: (signal: AbortSignal) => Promise<Service>,
  ): Promise<Service>
  /** Stops all, the last started first, once; later calls wait for the same stop. Throws if one could not be stopped. */
  stop(): Promise<void>
}

/** How a group watches over its process. */
export interface GroupOptions {
  /** Called once when a signal or a failure nobody caught ends the process, before the services are stopped. */
  onInterrupt?: ((reason: string) => void) | undefined
}

const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const
const signals = Object.keys(exitCodes) as (keyof typeof exitCodes)[]

/**
 * Makes a group that stops its services on `stop()`, and also when this process gets SIGINT, SIGTERM or SIGHUP or fails
 * without being caught: then it stops them and ends the process (128 + the signal's number, or 1).
 */
export function createServiceGroup({ onInterrupt }: GroupOptions = {}): ServiceGroup {
  const controller = new AbortController()
  const started: Promise<Pick<RunningService, 'name' | 'stop'>>[] = []
  let stopping: Promise<void> | undefined

  async function stopAll(): Promise<void> {
    controller.abort(new Error('the sandbox is being stopped'))
    const failures: unknown[] = []
    for (const starting of started.reverse()) {
      // A start that failed has cleaned up after itself and told its caller.
      const service = await starting.catch(() => undefined)
      await service?.stop().catch((error: unknown) => failures.push(error))
    }
    unwatch()
    if (failures.length > 0) throw new AggregateError(failures, 'some services could not be stopped')
  }

  const stop = (): Promise<void> => (stopping ??= stopAll())

  function end(reason: string, exitCode: number): void {
    const isFirst = stopping === undefined
    if (isFirst) onInterrupt?.(reason)
    stop().then(
      () => process.exit(exitCode),
      (error: unknown) => {
        process.stderr.write(`${error instanceof AggregateError ? error.errors.join('\n') : String(error)}\n`)
        process.exit(1)
      },
    )
  }

  const onSignal = (signal: NodeJS.Signals): void => end(signal, exitCodes[signal as keyof typeof exitCodes])
  const onFailure = (error: unknown): void => {
    // Work that was given up because the group stops may say so after nobody waits for it any more.
    if (controller.signal.aborted && error === controller.signal.reason) return
    // The terminal was closed, or the pipe: whatever is written about that would fail the same way, for ever.
    if (isNobodyReading(error)) {
      end('nobody reads its output any more', 1)
      return
    }
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
    end('failure', 1)
  }
  for (const signal of signals) process.on(signal, onSignal)
  process.on('uncaughtException', onFailure)
  process.on('unhandledRejection', onFailure)
  function unwatch(): void {
    for (const signal of signals) process.off(signal, onSignal)
    process.off('uncaughtException', onFailure)
    process.off('unhandledRejection', onFailure)
  }

  return {
    signal: controller.signal,
    start(starter) {
      if (stopping) return Promise.reject(new Error('the sandbox is being stopped'))
      const starting = starter(controller.signal)
      started.push(starting)
      return starting
    },
    stop,
  }
}

function isNobodyReading(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EPIPE' || error.code === 'EIO')
}
