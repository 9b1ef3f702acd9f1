import { ConfigError } from '@coretelecoms/core'
import { Command } from 'commander'
import { type BindHost, bindHosts, loopbackHost } from '../supervisor/port.ts'
import { parseFlags } from './parse-flags.ts'
import { addWorldFlags, readWorldFlags, type WorldOptions } from './world-flags.ts'

/** What the services mode was asked to do. */
export interface ServicesOptions extends WorldOptions {
  /** Folder that the settings of the steps are written to. */
  readonly settings: string
  readonly bind: BindHost
  /** Name that the steps reach this machine by. */
  readonly host: string
  /** Folder that the steps find key files in; undefined: where they lie. */
  readonly secretsPath: string | undefined
}

/** Reads the flags of the services mode, as `parseStartOptions` does those of a run. */
export function parseServicesOptions(
  argv: readonly string[],
  output: { write(text: string): unknown },
): ServicesOptions | undefined {
  const command = addWorldFlags(new Command('services'))
    .description('Starts the services of the sandbox, fills the sources, writes what each step has to know, and stays.')
    .requiredOption('--settings <folder>', 'write a settings file a step into this folder')
    .option('--host <name>', 'name that the steps reach the services by', loopbackHost)
    .option(
      '--bind <address>',
      `listen on ${bindHosts.join(' or ')}; the latter only where nobody else can reach it, as inside a container network`,
      loopbackHost,
    )
    .option('--secrets-path <folder>', 'folder that the steps find key files in, where it is another than here')
  const flags = parseFlags(command, { argv, output })
  if (!flags) return undefined
  const bind = bindHosts.find((address) => address === flags['bind'])
  if (!bind) throw new ConfigError('flags', `--bind ${String(flags['bind'])}: give ${bindHosts.join(' or ')}`)
  const { host, settings, secretsPath } = flags
  if (typeof settings !== 'string' || settings === '') throw new ConfigError('flags', '--settings: give a folder')
  if (typeof host !== 'string' || !/^[A-Za-z0-9.-]+$/.test(host)) {
    throw new ConfigError('flags', `--host ${String(host)}: give a host name or an IPv4 address`)
  }
  return {
    ...readWorldFlags(flags),
    settings,
    bind,
    host,
    secretsPath: typeof secretsPath === 'string' ? secretsPath : undefined,
  }
}
