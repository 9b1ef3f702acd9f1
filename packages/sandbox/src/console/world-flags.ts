import { ConfigError, parseDateRange } from '@coretelecoms/core'
import type { Command } from 'commander'
import { readNumber } from './read-number.ts'

/** Ports that a person wants services on; the others get free ones. */
export type FixedPorts = Partial<Record<ServiceName, number>>
export type ServiceName = 'aws' | 'postgres' | 'sheets' | 'snowflake'

/** The world that the sandbox shows, and where its services are to listen. */
export interface WorldOptions {
  /** Folder of real files instead of the generator. */
  readonly sources: string | undefined
  readonly days: number
  /** 1 is full size: 2.5 M customers. */
  readonly scale: number
  readonly seed: number
  /** First day of the generated world, YYYY-MM-DD. */
  readonly date: string
  readonly fresh: boolean
  readonly ports: FixedPorts
}

const serviceNames: readonly ServiceName[] = ['aws', 'postgres', 'sheets', 'snowflake']

/** Adds the flags that every command of the sandbox takes. */
export function addWorldFlags(command: Command): Command {
  return command
    .option(
      '--sources <folder>',
      'read a folder of real files (found by name at any depth) instead of generating a world',
    )
    .option('--days <n>', 'days of the generated world', '3')
    .option('--scale <x>', 'size of the generated world; 1 is 2.5 M customers', '0.01')
    .option('--seed <n>', 'seed of the generated world; the same seed gives the same world', '1')
    .option('--date <day>', 'first day of the generated world', '2025-11-20')
    .option('--fresh', 'begin with an empty raw zone and an empty warehouse')
    .option(
      '--ports <list>',
      `insist on ports, for example ${serviceNames.map((name, i) => `${name}=${9001 + i}`).join(',')}`,
    )
}

/** Reads them. Throws a ConfigError that says what is off. */
export function readWorldFlags(flags: Readonly<Record<string, unknown>>): WorldOptions {
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
    fresh: flags['fresh'] === true,
    ports: readPorts(flags['ports']),
  }
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
