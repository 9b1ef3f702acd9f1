import { extractorCommands, main } from '@coretelecoms/core'
import { app, datasets } from './app.ts'
import { connect } from './connect.ts'

await main({ app, datasets, commands: extractorCommands(connect) })
