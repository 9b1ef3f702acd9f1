import { datasets, type ProgramOptions } from '@coretelecoms/core'
import manifest from '../package.json' with { type: 'json' }
import { checkCommand } from './check-command.ts'
import { migrateCommand } from './migrate-command.ts'
import { runCommand } from './run-command.ts'

/** The loader as a command-line program. */
export const loader: ProgramOptions = {
  app: {
    name: 'loader-snowflake',
    version: manifest.version,
    description: 'Loads publications of the raw zone into Snowflake, each in one transaction that is proven.',
  },
  datasets,
  commands: [runCommand, checkCommand, migrateCommand],
}
