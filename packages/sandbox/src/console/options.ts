import { Command } from 'commander'
import { parseFlags } from './parse-flags.ts'
import { addWorldFlags, readWorldFlags, type WorldOptions } from './world-flags.ts'

/** What `npm start` was asked to do. */
export interface StartOptions extends WorldOptions {
  readonly keep: boolean
  /** Guards of the extractors that are overridden. */
  readonly guardFlags: readonly string[]
}

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
  const command = addWorldFlags(new Command('npm start --'))
    .description('Runs the whole platform on this machine: five sources, raw zone, warehouse, models, figures.')
    .option('--keep', 'leave the services running and print every endpoint and setting; Ctrl-C ends them')
    .option('--allow-quarantined', 'publish deliveries in which too many rows break the contract')
    .option('--allow-volume-drop', 'publish deliveries that are far smaller than the last')
    .option('--allow-empty', 'publish deliveries of no rows')
  const flags = parseFlags(command, { argv, output })
  if (!flags) return undefined
  return {
    ...readWorldFlags(flags),
    keep: flags['keep'] === true,
    guardFlags: Object.entries(guards).flatMap(([name, flag]) => (flags[name] === true ? [flag] : [])),
  }
}
