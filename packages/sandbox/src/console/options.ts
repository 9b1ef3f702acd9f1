import { ConfigError, parseDateRange } from '@coretelecoms/core'
import { Command, CommanderError } from 'commander'

/** Ports that a person wants services on; the others get free ones. */
export type FixedPorts = Partial<Record<ServiceName, number>>
export type ServiceName = 'aws' | 'postgres' | 'sheets' | 'snowflake'

/** What `npm start` was asked to do. */
export interface StartOptions {
  /** Folder of real files instead of the generator. */
  readonly sources: string | undefined
  readonly days: number
  /** 1 is full size: 2.5 M customers. */
  readonly scale: number
  readonly seed: number
  /** First day of the generated world, YYYY-MM-DD. */
  readonly date: string
  readonly keep: boolean
  readonly fresh: boolean
  /** Guards of the extractors that are overridden. */
  readonly guardFlags: readonly string[]
  readonly ports: FixedPorts
}

const serviceNames: readonly ServiceName[] = ['aws', 'postgres', 'sheets', 'snowflake']
const guards = {
  allowQuarantined: '--allow-quarantined',
  allowVolumeDrop: '--allow-volume-drop',
  allowEmpty: '--allow-empty',
} as const

/**
 * Reads the flags of `npm start`. Returns undefined when help was asked for and printed. Throws a ConfigError that says
 * what is off and where the list of flags is.
 */
export function parseStartOptions(
  argv: readonly string[],
  output: { write(text: string): unknown },
): StartOptions | undefined {
  const command = new Command('npm start --')
    .description('Runs the whole platform on this machine: five sources, raw zone, warehouse, models, figures.')
    .option(
      '--sources <folder>',
      'read a folder of real files (found by name at any depth) instead of generating a world',
    )
    .option('--days <n>', 'days of the generated world', '3')
    .option('--scale <x>', 'size of the generated world; 1 is 2.5 M customers', '0.01')
    .option('--seed <n>', 'seed of the generated world; the same seed gives the same world', '1')
    .option('--date <day>', 'first day of the generated world', '2025-11-20')
    .option('--keep', 'leave the services running and print every endpoint and setting; Ctrl-C ends them')
    .option('--fresh', 'begin with an empty raw zone and an empty warehouse')
    .option('--allow-quarantined', 'publish deliveries in which too many rows break the contract')
    .option('--allow-volume-drop', 'publish deliveries that are far smaller than the last')
    .option('--allow-empty', 'publish deliveries of no rows')
    .option(
      '--ports <list>',
      `insist on ports, for example ${serviceNames.map((name, i) => `${name}=${9001 + i}`).join(',')}`,
    )
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeOut: (text) => output.write(text), writeErr: () => undefined })
  try {
    command.parse([...argv], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return undefined
    throw new ConfigError('flags', `${error.message.replace(/^error: /, '')}; npm start -- --help lists the flags`)
  }
  const flags = command.opts<Record<string, string | boolean | undefined>>()
  const date = String(flags['date'])
  // The empty path would be the working directory, searched to its last depth.
  if (flags['sources'] === '') throw new ConfigError('flags', '--sources: give the folder that the files are in')
  if (parseDateRange(date).length !== 1) throw new ConfigError('flags', '--date is one day; --days says how many')
  return {
    sources: typeof flags['sources'] === 'string' ? flags['sources'] : undefined,
    days: readNumber('--days', flags['days'], { min: 1, max: 365, isInteger: true }),
    scale: readNumber('--scale', flags['scale'], { min: 0.0001, max: 1, isInteger: false }),
    seed: readNumber('--seed', flags['seed'], { min: 0, max: 0xffff_ffff, isInteger: true }),
    date,
    keep: flags['keep'] === true,
    fresh: flags['fresh'] === true,
    guardFlags: Object.entries(guards).flatMap(([name, flag]) => (flags[name] === true ? [flag] : [])),
    ports: readPorts(flags['ports']),
  }
}

function readNumber(flag: string, text: unknown, range: { min: number; max: number; isInteger: boolean }): number {
  const value = typeof text === 'string' && text.trim() !== '' ? Number(text) : Number.NaN
  if (value >= range.min && value <= range.max && (!range.isInteger || Number.isInteger(value))) return value
  const kind = range.isInteger ? 'a whole number' : 'a number'
  throw new ConfigError('flags', `${flag} ${String(text)}: give ${kind} from ${range.min} to ${range.max}`)
}

function readPorts(text: unknown): FixedPorts {
  if (typeof text !== 'string') return {}
  const ports: FixedPorts = {}
  for (const entry of text.split(',')) {
    const [name, port] = entry.split('=')
    const service = serviceNames.find((candidate) => candidate === name)
    if (!service) throw new ConfigError('flags', `--ports ${entry}: the services are ${serviceNames.join(', ')}`)
    if (port === undefined) throw new ConfigError('flags', `--ports ${entry}: give it a port, as in ${service}=9001`)
    ports[service] = readNumber(`--ports ${service}`, port, { min: 1, max: 65_535, isInteger: true })
  }
  return ports
}
