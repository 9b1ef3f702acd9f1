import { Command } from 'commander'
import { parseFlags } from './parse-flags.ts'
import { readNumber } from './read-number.ts'
import { addWorldFlags, readWorldFlags, type WorldOptions } from './world-flags.ts'

/** What `npm run airflow` was asked to do. */
export interface AirflowOptions extends WorldOptions {
  /** Port of Airflow's page that is insisted on; undefined: 8080, or the next one that is free. */
  readonly port: number | undefined
}

/** Reads the flags of `npm run airflow`, as `parseStartOptions` does those of a run. */
export function parseAirflowOptions(
  argv: readonly string[],
  output: { write(text: string): unknown },
): AirflowOptions | undefined {
  const command = addWorldFlags(new Command('npm run airflow --'))
    .description('Runs the platform on this machine under Airflow: sources, warehouse, scheduler, and its page.')
    .option('--port <n>', "port of Airflow's page; by default 8080 or the next one that is free")
  const flags = parseFlags(command, { argv, output })
  if (!flags) return undefined
  return {
    ...readWorldFlags(flags),
    port:
      flags['port'] === undefined
        ? undefined
        : readNumber('--port', flags['port'], { min: 1, max: 65_535, isInteger: true }),
  }
}
