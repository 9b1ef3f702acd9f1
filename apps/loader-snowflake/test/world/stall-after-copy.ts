// Loads one day of call_logs and stops for good when the rows are copied and nothing is committed: to be killed there.
import { callLogs, createS3Client, createS3ObjectStore, readPublication } from '@coretelecoms/core'
import { loadPartition } from '../../src/load-partition.ts'
import { loaderSettings } from '../../src/settings.ts'
import { openSnowflake } from '../../src/snowflake-warehouse.ts'
import type { Warehouse } from '../../src/warehouse.ts'

const date = process.argv[2] ?? ''
const settings = loaderSettings.parse(process.env)
const { signal } = new AbortController()
const store = createS3ObjectStore(createS3Client({ region: settings.AWS_REGION }), settings.CX_RAW_BUCKET)
const publication = await readPublication(store, { dataset: callLogs, date })
if (!publication) throw new Error(`nothing is published for ${date}`)
const warehouse = await openSnowflake({ settings, tag: { app: 'test' }, signal })
const stalling: Warehouse = {
  ...warehouse,
  async execute(sql, binds) {
    const rows = await warehouse.execute(sql, binds)
    if (!sql.startsWith('COPY INTO RAW')) return rows
    process.stdout.write('copied\n')
    return new Promise(() => undefined)
  },
}
const entry = { runId: 'killed', app: 'test', command: 'run', dataset: 'call_logs', date, status: 'loaded' }
// The session's own timers end with it; this one keeps the process until it is killed.
setInterval(() => undefined, 1000)
await loadPartition({
  warehouse: stalling,
  store,
  dataset: callLogs,
  date,
  publication,
  runId: 'killed',
  isForced: false,
  now: () => new Date(),
  logEntry: { ...entry, errorCode: undefined, message: undefined },
  signal,
})
