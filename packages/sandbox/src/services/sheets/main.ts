import { parseArgs } from 'node:util'
import { loopbackHost } from '../../supervisor/port.ts'
import { createSheetsServer } from './server.ts'
import { readServiceAccountKey } from './service-account.ts'

/** Runs the Sheets server in the foreground until SIGTERM or SIGINT. */

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    account: { type: 'string' },
    port: { type: 'string' },
    host: { type: 'string' },
  },
})
const { data, account, port, host = loopbackHost } = values
if (data === undefined || account === undefined || port === undefined) {
  throw new Error('needed are --data FILE, --account FILE and --port NUMBER')
}

const server = createSheetsServer({ dataFile: data, account: await readServiceAccountKey(account) })
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    server.close()
    server.closeAllConnections()
  })
}
server.listen(Number(port), host)
