import { type ExitCode, exitCodeOf, PlatformError } from '@coretelecoms/core'
import { keepRunning } from '../platform/keep-running.ts'
import { takeRunLock } from '../platform/run-lock.ts'
import { runPlatform } from '../platform/run-platform.ts'
import { createServiceGroup } from '../supervisor/group.ts'
import { parseStartOptions } from './options.ts'
import { createProgress } from './progress.ts'

/** What `npm start` is given. */
export interface StartStreams {
  readonly argv: readonly string[]
  /** Everything that the run keeps lies under it. */
  readonly sandboxDirectory: string
  readonly stdout: NodeJS.WriteStream
  readonly stderr: NodeJS.WriteStream
}

/** Runs `npm start` to its exit code; whatever happens, the services it started are stopped. */
export async function start({ argv, sandboxDirectory, stdout, stderr }: StartStreams): Promise<ExitCode> {
  const progress = createProgress(stderr)
  try {
    const options = parseStartOptions(argv, stdout)
    if (!options) return 0
    const lock = await takeRunLock(sandboxDirectory)
    const group = createServiceGroup({ onInterrupt: (reason) => progress.line(`stopping the services (${reason}) …`) })
    try {
      return await runPlatform({
        start: options,
        sandboxDirectory,
        group,
        progress,
        output: stdout,
        ...(options.keep
          ? {
              afterwards: (services) =>
                keepRunning({ services, sandboxDirectory, output: stdout, signal: group.signal }),
            }
          : {}),
      })
    } finally {
      progress.close()
      await group.stop()
      await lock.release()
    }
  } catch (error) {
    progress.close()
    stderr.write(`\n${describeFailure(error)}\n`)
    return exitCodeOf(error)
  }
}

function describeFailure(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') {
    return `the disk is full: free some space and run this again (what was published before is whole)\n${error.message}`
  }
  if (error instanceof PlatformError) return error.message
  return error instanceof Error ? error.message : String(error)
}
