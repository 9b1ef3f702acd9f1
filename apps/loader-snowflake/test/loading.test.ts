import { agents, callLogs, customers, readPublication } from '@coretelecoms/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { v7 as uuidv7 } from 'uuid'
import { publishDay, republish } from './world/publish.ts'
import { callRow, callRows } from './world/rows.ts'
import { createWorld, type World } from './world/world.ts'

let world: World

beforeAll(async () => {
  world = await createWorld('LOADING')
  await world.loadWell(['migrate'])
})

afterAll(() => world.close())

async function countRows(table: string, where = '1 = 1'): Promise<number> {
  const [row] = await world.query(`SELECT COUNT(*) AS n FROM ${table} WHERE ${where}`)
  return Number(row?.['n'])
}

async function callIds(): Promise<unknown[]> {
  const rows = await world.query('SELECT call_id FROM RAW.CALL_LOGS ORDER BY _source_row')
  return rows.map((row) => row['call_id'])
}

test('a publication is loaded with its quarantine, and everything about it is written down', async () => {
  const rows = [...callRows(1, 4), callRow(5, { agent_id: 'x' }), callRow(1)]
  const manifest = await publishDay({
    store: world.store,
    dataset: callLogs,
    date: '2025-11-20',
    rows,
    version: 'v1',
  })
  const ended = await world.load(['run', '--dataset', 'call_logs', '--date', '2025-11-20', '--run-id', 'first'])
  expect(ended).toMatchObject({ exitCode: 0, problems: [] })
  expect(ended.results).toMatchObject([
    { status: 'loaded', loaded: 4, landed: 4, quarantined: 2, source_rows: 6, load_id: manifest.load_id },
  ])
  expect(await callIds()).toEqual(['call-1', 'call-2', 'call-3', 'call-4'])
  const ledger = await world.query('SELECT * FROM OPS.LOAD_LEDGER')
  expect(ledger).toMatchObject([
    {
      dataset: 'call_logs',
      partition_date: '2025-11-20',
      load_id: manifest.load_id,
      run_id: 'run of v1',
      contract_version: 'call_logs@1',
      source_uri: 'test://call_logs/2025-11-20',
      source_version: 'v1',
      source_rows: '6',
      landed_rows: '4',
      quarantined_rows: '2',
      loaded_rows: '4',
      fingerprint: manifest.fingerprint,
      is_current: 'TRUE',
    },
  ])
  const published = await readPublication(world.store, { dataset: callLogs, date: '2025-11-20' })
  expect(ledger[0]).toMatchObject({
    manifest_key: published?.current.manifest_key,
    manifest_sha256: published?.current.manifest_sha256,
  })
  expect(await world.query('SELECT part_key, part_load_id, rows FROM OPS.LOADED_PARTS')).toEqual([
    { part_key: manifest.parts[0]?.key, part_load_id: manifest.load_id, rows: '4' },
  ])
  const aside = await world.query(
    'SELECT source_row, reasons, original_text, load_id FROM OPS.QUARANTINED_ROWS ORDER BY source_row',
  )
  expect(aside).toMatchObject([
    { source_row: '5', reasons: '["cast:agent_id"]', load_id: manifest.load_id },
    { source_row: '6', reasons: '["repeated_key"]', original_text: JSON.stringify(callRow(1)) },
  ])
  expect(await world.query('SELECT run_id, app, status, dataset FROM OPS.RUN_LOG')).toEqual([
    { run_id: 'first', app: 'loader-snowflake', status: 'loaded', dataset: 'call_logs' },
  ])
})

test('a second run says unchanged and writes no row', async () => {
  const tables = ['OPS.LOAD_LEDGER', 'OPS.LOADED_PARTS', 'OPS.QUARANTINED_ROWS', 'OPS.RUN_LOG', 'RAW.CALL_LOGS']
  const before = await Promise.all(tables.map((table) => countRows(table)))
  const ended = await world.load(['run', '--dataset', 'call_logs', '--date', '2025-11-20'])
  expect(ended).toMatchObject({ exitCode: 0, problems: [] })
  expect(ended.results.map((result) => result.status)).toEqual(['unchanged'])
  expect(await Promise.all(tables.map((table) => countRows(table)))).toEqual(before)
})

test('a new publication replaces the rows of the old one and of no other day', async () => {
  await publishDay({
    store: world.store,
    dataset: callLogs,
    date: '2025-11-21',
    rows: callRows(90, 91, { generation_date: '2025-11-21' }),
    version: 'other day',
  })
  expect(await world.load(['run', '--dataset', 'call_logs', '--date', '2025-11-21'])).toMatchObject({
    exitCode: 0,
    problems: [],
  })
  const manifest = await publishDay({
    store: world.store,
    dataset: callLogs,
    date: '2025-11-20',
    rows: callRows(11, 13),
    version: 'v2',
  })
  const ended = await world.load(['run', '--dataset', 'call_logs', '--date', '2025-11-20..2025-11-21'])
  expect(ended.results.map((result) => result.status)).toEqual(['loaded', 'unchanged'])
  expect((await callIds()).sort()).toEqual(['call-11', 'call-12', 'call-13', 'call-90', 'call-91'])
  const where = "partition_date = '2025-11-20'"
  expect(await countRows('OPS.QUARANTINED_ROWS', where)).toBe(0)
  expect(await countRows('OPS.LOAD_LEDGER', where)).toBe(2)
  const current = await world.query(`SELECT load_id FROM OPS.LOAD_LEDGER WHERE ${where} AND is_current`)
  expect(current).toEqual([{ load_id: manifest.load_id }])
  const parts = await world.query(`SELECT DISTINCT load_id FROM OPS.LOADED_PARTS WHERE ${where}`)
  expect(parts).toEqual([{ load_id: manifest.load_id }])
})

test('values at the ends of their types, emoji and right-to-left text come through exactly', async () => {
  const date = '2025-11-22'
  const odd = [
    callRow(1, {
      agent_id: '-2147483648',
      source_index: '-9223372036854775808',
      call_started_at: '0001-01-01 00:00:00',
    }),
    callRow(2, {
      agent_id: '2147483647',
      source_index: '9223372036854775807',
      call_started_at: '9999-12-31 23:59:59.999999',
    }),
    callRow(3, { call_started_at: '1969-12-31 23:59:59.999999', call_ended_at: '', source_index: '' }),
    callRow(4, { complaint_category: '😀 עברית العربية', resolution_status: 'it\'s "quoted"\nand \\N' }),
    callRow(5, { complaint_category: '\\N', resolution_status: 'NULL' }),
    callRow(6, { complaint_category: 'x'.repeat(1_000_000) }),
  ].map((row) => ({ ...row, generation_date: date }))
  await publishDay({ store: world.store, dataset: callLogs, date, rows: odd, version: 'odd' })
  expect(await world.load(['run', '--dataset', 'call_logs', '--date', date])).toMatchObject({
    exitCode: 0,
    problems: [],
  })
  const rows = await world.query(
    `SELECT agent_id, source_index, DATEDIFF(microsecond, '1970-01-01'::TIMESTAMP_NTZ, call_started_at) AS started, call_ended_at,
complaint_category, resolution_status FROM RAW.CALL_LOGS WHERE generation_date = '${date}' ORDER BY _source_row`,
  )
  expect(rows).toMatchObject([
    { agent_id: '-2147483648', source_index: '-9223372036854775808', started: '-62135596800000000' },
    { agent_id: '2147483647', source_index: '9223372036854775807', started: '253402300799999999' },
    { started: '-1', call_ended_at: null, source_index: null },
    { complaint_category: '😀 עברית العربية', resolution_status: 'it\'s "quoted"\nand \\N' },
    { complaint_category: '\\N', resolution_status: 'NULL' },
    { complaint_category: 'x'.repeat(1_000_000) },
  ])
})

test('a static dataset is loaded from the latest publication on or before the date, once', async () => {
  const row = { customer_id: '00000000-0000-4000-8000-000000000001', full_name: 'Ada', birth_date: '0001-01-01' }
  await publishDay({ store: world.store, dataset: customers, date: '2025-11-20', rows: [row], version: 'v1' })
  const ended = await world.load(['run', '--dataset', 'customers', '--date', '2025-11-19..2025-11-22'])
  expect(ended).toMatchObject({ exitCode: 3 })
  expect(ended.results.map((result) => result.status)).toEqual(['not_delivered', 'loaded', 'unchanged', 'unchanged'])
  const ledger = await world.query("SELECT partition_date FROM OPS.LOAD_LEDGER WHERE dataset = 'customers'")
  expect(ledger).toEqual([{ partition_date: '2025-11-20' }])
})

test('a publication of no rows is loaded and empties the partition', async () => {
  await publishDay({
    store: world.store,
    dataset: agents,
    date: '2025-11-20',
    rows: [{ agent_id: '1000', full_name: 'Grace' }],
    version: 'one',
  })
  expect(await world.load(['run', '--dataset', 'agents', '--date', '2025-11-20'])).toMatchObject({
    exitCode: 0,
    problems: [],
  })
  await publishDay({ store: world.store, dataset: agents, date: '2025-11-20', rows: [], version: 'none' })
  const ended = await world.load(['run', '--dataset', 'agents', '--date', '2025-11-20'])
  expect(ended.results).toMatchObject([{ status: 'loaded', loaded: 0 }])
  expect(await countRows('RAW.AGENTS')).toBe(0)
})

test('unknown columns that a run lets evolve are in _extra, also where every row leaves them empty', async () => {
  const rows = [{ agent_id: '1001', nickname: 'G' }, { agent_id: '1002' }]
  const publication = { store: world.store, dataset: agents, unknownColumns: 'evolve' as const }
  await publishDay({ ...publication, date: '2025-11-23', rows, version: 'extra' })
  await publishDay({ ...publication, date: '2025-11-24', rows: rows.slice(1), version: 'no extra' })
  const ended = await world.load(['run', '--dataset', 'agents', '--date', '2025-11-23..2025-11-24'])
  expect(ended.results.map((result) => result.status)).toEqual(['loaded', 'loaded'])
  const extra = await world.query('SELECT agent_id, _extra FROM RAW.AGENTS WHERE _extra IS NOT NULL')
  expect(extra).toEqual([{ agent_id: '1001', _extra: '{"nickname":"G"}' }])
})

test('a replayed publication, whose parts are of two loads, is loaded whole and replaced whole', async () => {
  const date = '2025-11-26'
  const publication = { store: world.store, dataset: callLogs, date }
  const [first, second] = [callRows(1, 2), callRows(3, 3)].map((rows) =>
    rows.map((row) => ({ ...row, generation_date: date })),
  )
  const old = await publishDay({ ...publication, rows: first!, version: 'replay 1' })
  const added = await publishDay({ ...publication, rows: second!, version: 'replay 2' })
  await republish(world.store, callLogs, {
    manifest: {
      ...added,
      parts: [...old.parts, ...added.parts],
      source: { ...added.source, rows: 3 },
      counts: { ...added.counts, read: 3, landed: 3 },
      fingerprint: String(BigInt(old.fingerprint) + BigInt(added.fingerprint)),
    },
    loadId: uuidv7(),
  })
  await world.loadWell(['run', '--dataset', 'call_logs', '--date', date])
  expect(await countRows('RAW.CALL_LOGS', `generation_date = '${date}'`)).toBe(3)
  const parts = await world.query(
    `SELECT part_load_id FROM OPS.LOADED_PARTS WHERE partition_date = '${date}' ORDER BY part_load_id`,
  )
  expect(parts).toEqual([{ part_load_id: old.load_id }, { part_load_id: added.load_id }])
  await publishDay({ ...publication, rows: second!, version: 'replay 3' })
  await world.loadWell(['run', '--dataset', 'call_logs', '--date', date])
  expect(await countRows('RAW.CALL_LOGS', `generation_date = '${date}'`)).toBe(1)
})

test('with --force a loaded publication is loaded again and stays one', async () => {
  const before = await countRows('RAW.CALL_LOGS')
  const ended = await world.load(['run', '--dataset', 'call_logs', '--date', '2025-11-20', '--force'])
  expect(ended.results.map((result) => result.status)).toEqual(['loaded'])
  expect(await countRows('RAW.CALL_LOGS')).toBe(before)
  expect(await countRows('OPS.LOAD_LEDGER', "dataset = 'call_logs' AND is_current")).toBe(4)
})

test('a dry run says what it would load and writes nothing', async () => {
  const date = '2025-11-25'
  const rows = callRows(1, 2, { generation_date: date })
  await publishDay({ store: world.store, dataset: callLogs, date, rows, version: 'dry' })
  const before = await countRows('RAW.CALL_LOGS')
  const ended = await world.load(['run', '--dataset', 'call_logs', '--date', date, '--dry-run'])
  expect(ended.results).toMatchObject([{ status: 'planned', exit_code: 0, landed: 2 }])
  expect(await countRows('RAW.CALL_LOGS')).toBe(before)
})
