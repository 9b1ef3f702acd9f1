import { main } from '@coretelecoms/core'
import { loader } from './app.ts'

await main(loader)
