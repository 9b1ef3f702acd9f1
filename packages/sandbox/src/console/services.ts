import type { ExitCode } from '@coretelecoms/core'
import { once } from 'node:events'
import { describeEndpoints } from '../platform/keep-running.ts'
import { openWorld } from '../platform/open-world.ts'
import { renewStepSettings, writeStepSettings } from '../platform/step-settings.ts'
import { type CommandStreams, describeFailure, runCommand } from './run-command.ts'
import { parseServicesOptions } from './services-options.ts'

/**
 * The services mode: the sources of a world and the warehouse, for steps that somebody else runs. Prints `ready` on stdout
 * once the sources are filled and the settings of the steps are written, and stays until SIGTERM or Ctrl-C.
 */
export async function serve(streams: CommandStreams): Promise<ExitCode> {
  return runCommand(streams, {
    parse: parseServicesOptions,
    async run(options, { sandboxDirectory, stdout, group, progress }) {
      const { bind, host } = options
      const { services } = await openWorld({ start: options, sandboxDirectory, group, progress, bind, host })
      const settings = { services, directory: options.settings, secretsDirectory: options.secretsPath, host }
      await writeStepSettings(settings)
      for (const line of describeEndpoints(services)) progress.line(line)
      stdout.write('ready\n')
      const { signal } = group
      const onFailure = (error: unknown): void => progress.line(describeFailure(error))
      await Promise.all([
        renewStepSettings({ ...settings, signal, onFailure }),
        signal.aborted ? undefined : once(signal, 'abort'),
      ])
      return 0
    },
  })
}
