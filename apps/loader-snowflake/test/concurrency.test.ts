import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { callLogs, readPublication, TransientError } from '@coretelecoms/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type LoadOptions, type LoadResult, loadPartition } from '../src/load-partition.ts'
import { loaderSettings } from '../src/settings.ts'
import { openSnowflake } from '../src/snowflake-warehouse.ts'
import type { Warehouse } from '../src/warehouse.ts'
import { publishDay } from './world/publish.ts'
import { callRows } from './world/rows.ts'
import { createWorld, type World } from './world/world.ts'

let world: World

beforeAll(async () => {
  world = await createWorld('CONCURRENCY')
  await world.loadWell(['migrate'])
})

afterAll(() => world.close())

async function publishCalls(date: string, version: string, numbers: [from: number, to: number]): Promise<void> {
  const rows = callRows(...numbers, { generation_date: date })
  await publishDay({ store: world.store, dataset: callLogs, date, rows, version })
}

async function callIds(date: string): Promise<unknown[]> {
  const rows = await world.query(`SELECT call_id FROM RAW.CALL_LOGS WHERE generation_date = '${date}' ORDER BY call_id`)
  return rows.map((row) => row['call_id'])
}

function loadCalls(options: Pick<LoadOptions, 'warehouse' | 'publication' | 'runId' | 'signal'>): Promise<LoadResult> {
  const { date } = options.publication.manifest.partition
  const entry = { app: 'test', command: 'run', dataset: 'call_logs', date, status: 'loaded' }
  return loadPartition({
    ...options,
    store: world.store,
    dataset: callLogs,
    date,
    isForced: false,
    now: () => new Date(),
    logEntry: { ...entry, runId: options.runId, errorCode: undefined, message: undefined },
  })
}

test.each([
  ['that was never loaded', 'first'],
  ['that is replaced', 'second'],
])('three loaders at once load a partition %s once', async (_, version) => {
  const date = '2025-11-20'
  await publishCalls(date, version, version === 'first' ? [1, 3] : [4, 5])
  const args = ['run', '--dataset', 'call_logs', '--date', date]
  const ended = await Promise.all([world.load(args), world.load(args), world.load(args)])
  const statuses = ended.flatMap(({ results }) => results.map(({ status }) => status))
  expect(statuses.filter((status) => status === 'loaded')).toHaveLength(1)
  expect(ended.map(({ exitCode }) => exitCode).filter((code) => code > 1)).toEqual([])
  expect(await callIds(date)).toEqual(version === 'first' ? ['call-1', 'call-2', 'call-3'] : ['call-4', 'call-5'])
  const ledger = await world.query(`SELECT source_version FROM OPS.LOAD_LEDGER WHERE is_current`)
  expect(ledger).toEqual([{ source_version: version }])
})

test('a loader that is killed between COPY and COMMIT leaves the old rows, and the next one loads', async () => {
  const date = '2025-11-21'
  const args = ['run', '--dataset', 'call_logs', '--date', date]
  await publishCalls(date, 'old', [1, 2])
  expect(await world.load(args)).toMatchObject({ exitCode: 0, problems: [] })
  await publishCalls(date, 'new', [7, 9])
  const script = fileURLToPath(new URL('world/stall-after-copy.ts', import.meta.url))
  const child = spawn(process.execPath, ['--conditions=@coretelecoms/source', script, date], {
    env: { ...process.env, ...world.environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [output] = (await once(child.stdout, 'data')) as [Buffer]
  expect(output.toString()).toBe('copied\n')
  const exit = once(child, 'exit')
  child.kill('SIGKILL')
  await exit
  expect(await callIds(date)).toEqual(['call-1', 'call-2'])
  expect(await world.load(args)).toMatchObject({ exitCode: 0, results: [{ status: 'loaded' }] })
  expect(await callIds(date)).toEqual(['call-7', 'call-8', 'call-9'])
})

test('a loader that is told to stop after COPY gives its locks back and leaves the old rows', async () => {
  const date = '2025-11-22'
  await publishCalls(date, 'stopped', [1, 2])
  const stop = new AbortController()
  const settings = loaderSettings.parse(world.environment)
  const session = await openSnowflake({ settings, tag: { app: 'test' }, signal: stop.signal })
  const stopping: Warehouse = {
    ...session,
    async execute(sql, binds) {
      const rows = await session.execute(sql, binds)
      if (sql.startsWith('COPY INTO RAW')) stop.abort(new TransientError('stopped', 'stopped by a test'))
      return rows
    },
  }
  const publication = await readPublication(world.store, { dataset: callLogs, date })
  const loading = loadCalls({ warehouse: stopping, publication: publication!, runId: 'stopped', signal: stop.signal })
  await expect(loading).rejects.toThrow('stopped by a test')
  await world.query("UPDATE OPS.LOAD_LOCK SET run_id = 'free' WHERE dataset = 'call_logs'")
  expect(await callIds(date)).toEqual([])
  await session.close()
})

test('a loader that read a publication before a newer one was loaded does not put it back', async () => {
  const date = '2025-11-23'
  await publishCalls(date, 'older', [1, 2])
  const older = await readPublication(world.store, { dataset: callLogs, date })
  await publishCalls(date, 'newer', [3, 5])
  const args = ['run', '--dataset', 'call_logs', '--date', date]
  expect(await world.load(args)).toMatchObject({ exitCode: 0, results: [{ status: 'loaded' }] })
  const { signal } = new AbortController()
  const slow = await openSnowflake({ settings: loaderSettings.parse(world.environment), tag: { app: 'test' }, signal })
  const loading = loadCalls({ warehouse: slow, publication: older!, runId: 'slow', signal })
  await expect(loading).rejects.toThrow('call_logs 2025-11-23: it was published again while this loader waited')
  await slow.close()
  expect(await callIds(date)).toEqual(['call-3', 'call-4', 'call-5'])
})
