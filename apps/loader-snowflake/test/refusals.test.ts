import { readFile } from 'node:fs/promises'
import { callLogs, type Manifest } from '@coretelecoms/core'
import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { publishDay, republish } from './world/publish.ts'
import { callRow, callRows } from './world/rows.ts'
import { createWorld, type World } from './world/world.ts'

const date = '2025-11-20'
const run = ['run', '--dataset', 'call_logs', '--date', date]
let world: World
let version = 0

beforeAll(async () => {
  world = await createWorld('REFUSALS')
  await world.loadWell(['migrate'])
})

beforeEach(async () => {
  await publishNext(callRows(1, 3))
  await world.loadWell(run)
})

afterAll(() => world.close())

function publishNext(rows: ReturnType<typeof callRows>): Promise<Manifest> {
  version += 1
  return publishDay({ store: world.store, dataset: callLogs, date, rows, version: `v${version}` })
}

async function callIds(): Promise<unknown[]> {
  const rows = await world.query('SELECT call_id FROM RAW.CALL_LOGS ORDER BY call_id')
  return rows.map((row) => row['call_id'])
}

/** That the refused run left everything as it was, apart from its line in the run log. */
async function expectOldRows(errorCode: string): Promise<void> {
  expect(await callIds()).toEqual(['call-1', 'call-2', 'call-3'])
  const current = await world.query('SELECT source_version FROM OPS.LOAD_LEDGER WHERE is_current')
  expect(current).toEqual([{ source_version: `v${version - 1}` }])
  const [logged] = await world.query('SELECT status, error_code FROM OPS.RUN_LOG ORDER BY recorded_at DESC LIMIT 1')
  expect(logged).toEqual({ status: 'failed', error_code: errorCode })
}

test('a part that holds fewer rows than its manifest says is rolled back', async () => {
  const manifest = await publishNext(callRows(11, 15))
  const [part] = manifest.parts
  const counts = { ...manifest.counts, read: 6, landed: 6 }
  await republish(world.store, callLogs, {
    manifest: { ...manifest, counts, parts: [{ ...part!, rows: 6 }] },
    loadId: uuidv7(),
  })
  const ended = await world.load(run)
  expect(ended.exitCode).toBe(2)
  expect(ended.problems.join()).toContain('holds 6 rows, of which COPY read 5 and loaded 5')
  await expectOldRows('reconcile')
})

test('rows that sum up to another fingerprint are rolled back', async () => {
  const manifest = await publishNext(callRows(11, 13))
  const fingerprint = String(BigInt(manifest.fingerprint) + 1n)
  await republish(world.store, callLogs, { manifest: { ...manifest, fingerprint }, loadId: uuidv7() })
  const ended = await world.load(run)
  expect(ended.exitCode).toBe(2)
  expect(ended.problems.join()).toContain('the fingerprint over its rows is another one')
  await expectOldRows('reconcile')
})

test('quarantined rows that are fewer than the manifest says are rolled back', async () => {
  const manifest = await publishNext([...callRows(11, 13), callRow(14, { agent_id: 'x' })])
  const [aside] = manifest.quarantine_parts
  await republish(world.store, callLogs, {
    manifest: {
      ...manifest,
      counts: { ...manifest.counts, read: 5, quarantined: 2 },
      quarantine_parts: [{ ...aside!, rows: 2 }],
    },
    loadId: uuidv7(),
  })
  const ended = await world.load(run)
  expect(ended.exitCode).toBe(2)
  expect(ended.problems.join()).toContain('1 quarantined rows were loaded, 2 were set aside')
  await expectOldRows('reconcile')
})

test('a missing part is named before the warehouse is touched', async () => {
  const manifest = await publishNext(callRows(11, 13))
  await world.deleteObject(manifest.parts[0]!.key)
  const ended = await world.load(run)
  expect(ended.exitCode).toBe(2)
  expect(ended.problems.join()).toContain(`${manifest.parts[0]!.key} is missing`)
  await expectOldRows('parts')
})

test('a part of another size is named before the warehouse is touched', async () => {
  const manifest = await publishNext(callRows(11, 13))
  await world.putObject(manifest.parts[0]!.key, Buffer.from('short'))
  const ended = await world.load(run)
  expect(ended.exitCode).toBe(2)
  expect(ended.problems.join()).toContain(`has 5 bytes, ${manifest.parts[0]!.bytes} were published`)
  await expectOldRows('parts')
})

test('a part of the right size that is no Parquet is rolled back, and no byte of it is told', async () => {
  const manifest = await publishNext(callRows(11, 13))
  await world.putObject(manifest.parts[0]!.key, Buffer.alloc(manifest.parts[0]!.bytes, 'secret '))
  const ended = await world.load(run)
  expect(ended.exitCode).toBe(2)
  expect(ended.problems.join()).not.toContain('secret')
  expect(ended.stderr).not.toContain('secret')
  await expectOldRows('load_refused')
})

test('a publication under another contract is refused', async () => {
  const manifest = await publishNext(callRows(11, 13))
  const contract = { version: 'call_logs@0', hash: '0'.repeat(64) }
  await republish(world.store, callLogs, { manifest: { ...manifest, contract }, loadId: uuidv7() })
  const ended = await world.load(run)
  expect(ended.exitCode).toBe(2)
  expect(ended.problems.join()).toContain('published under another call_logs@0 than this loader knows (call_logs@1)')
  await expectOldRows('contract')
})

test('a day that is not published ends with 3 and leaves no line in the run log', async () => {
  const before = await world.query('SELECT COUNT(*) AS n FROM OPS.RUN_LOG')
  const ended = await world.load(['run', '--dataset', 'call_logs', '--date', '2025-12-01'])
  expect(ended).toMatchObject({ exitCode: 3, results: [{ status: 'not_delivered' }] })
  expect(await world.query('SELECT COUNT(*) AS n FROM OPS.RUN_LOG')).toEqual(before)
})

test('a key that Snowflake does not know ends with 2 at once and says what to check', async () => {
  const services = world.environment
  const strangerKeyFile = services['CX_SNOWFLAKE_PRIVATE_KEY_FILE']!.replace('loader.p8', 'stranger.p8')
  const startedAt = performance.now()
  const ended = await world.load(run, { CX_SNOWFLAKE_PRIVATE_KEY_FILE: strangerKeyFile })
  expect(performance.now() - startedAt).toBeLessThan(5000)
  expect(ended).toMatchObject({ exitCode: 2, run: { error: { code: 'login_refused' } } })
  expect(ended.problems.join()).toContain('CX_SNOWFLAKE_PRIVATE_KEY_FILE')
  expect(ended.problems.join()).not.toContain((await readFile(strangerKeyFile, 'utf8')).split('\n')[1])
})

test('a key file that is none ends with 2 and says how to make one', async () => {
  const ended = await world.load(run, { CX_SNOWFLAKE_PRIVATE_KEY_FILE: '/dev/null' })
  expect(ended).toMatchObject({ exitCode: 2, run: { error: { code: 'private_key' } } })
})

test('a server that does not answer ends with 1 soon', async () => {
  const startedAt = performance.now()
  const ended = await world.load(run, { CX_SNOWFLAKE_PORT: '9' })
  expect(ended).toMatchObject({ exitCode: 1, run: { error: { code: 'warehouse', is_retryable: true } } })
  expect(performance.now() - startedAt).toBeLessThan(20_000)
})

test('settings that are missing are all told at once, with 2', async () => {
  const ended = await world.load(run, { CX_SNOWFLAKE_USER: '', CX_RAW_BUCKET: '' })
  expect(ended.exitCode).toBe(2)
  expect(ended.problems.join()).toMatch(/CX_RAW_BUCKET is not set[\s\S]*CX_SNOWFLAKE_USER is not set/)
})
