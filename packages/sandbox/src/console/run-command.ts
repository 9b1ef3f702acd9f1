import { type ExitCode, exitCodeOf, PlatformError } from '@coretelecoms/core'
import { takeRunLock } from '../platform/run-lock.ts'
import { createServiceGroup, type ServiceGroup } from '../supervisor/group.ts'
import { sandboxLayout } from '../supervisor/layout.ts'
import { stopLeftovers } from '../supervisor/leftover.ts'
import { createProgress, type Progress } from './progress.ts'

/** What a command of the sandbox is given. */
export interface CommandStreams {
  readonly argv: readonly string[]
  /** Everything that the run keeps lies under it. */
  readonly sandboxDirectory: string
  readonly stdout: NodeJS.WriteStream
  readonly stderr: NodeJS.WriteStream
}

/** A command at work: its services are in the group, its words go to `progress`. */
export interface CommandRun extends CommandStreams {
  readonly group: ServiceGroup
  readonly progress: Progress
}

/**
 * Runs a command that has the sandbox folder to itself, to its exit code: reads its flags, takes the folder, ends what a
 * killed run left behind, and stops whatever was started when it ends, fails or is interrupted. What went wrong is said in a sentence on stderr.
 */
export async function runCommand<Options>(
  streams: CommandStreams,
  command: {
    parse(argv: readonly string[], output: { write(text: string): unknown }): Options | undefined
    run(options: Options, run: CommandRun): Promise<ExitCode>
  },
): Promise<ExitCode> {
  const { argv, sandboxDirectory, stdout, stderr } = streams
  const progress = createProgress(stderr)
  try {
    const options = command.parse(argv, stdout)
    if (!options) return 0
    const lock = await takeRunLock(sandboxDirectory)
    const group = createServiceGroup({ onInterrupt: (reason) => progress.line(`stopping the services (${reason}) …`) })
    try {
      for (const { name, pid } of await stopLeftovers(sandboxLayout(sandboxDirectory).run)) {
        progress.line(`stopped ${name} (process ${pid}), left behind by a run that was killed`)
      }
      return await command.run(options, { ...streams, group, progress })
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

/** What went wrong, for people. */
export function describeFailure(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') {
    return `the disk is full: free some space and run this again (what was published before is whole)\n${error.message}`
  }
  if (error instanceof PlatformError) return error.message
  return error instanceof Error ? error.message : String(error)
}
