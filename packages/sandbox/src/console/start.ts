import type { ExitCode } from '@coretelecoms/core'
import { keepRunning } from '../platform/keep-running.ts'
import { runPlatform } from '../platform/run-platform.ts'
import { parseStartOptions } from './options.ts'
import { type CommandStreams, describeFailure, runCommand } from './run-command.ts'

/** Runs `npm start` to its exit code; whatever happens, the services it started are stopped. */
export async function start(streams: CommandStreams): Promise<ExitCode> {
  return runCommand(streams, {
    parse: parseStartOptions,
    run: (options, { sandboxDirectory, stdout, group, progress }) =>
      runPlatform({
        ...{ start: options, sandboxDirectory, group, progress, output: stdout },
        ...(options.keep
          ? {
              afterwards: (services) =>
                keepRunning({
                  ...{ services, sandboxDirectory, output: stdout, signal: group.signal },
                  onFailure: (error) => progress.line(describeFailure(error)),
                }),
            }
          : {}),
      }),
  })
}
