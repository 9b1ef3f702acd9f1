import { DuckDBInstance } from '@duckdb/node-api'
import { copyFile, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSession, type Session } from './client.ts'
import { type LocalSnowflake, startLocalSnowflake } from './local-snowflake.ts'

let folder: string
let local: LocalSnowflake

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cx-file-'))
  local = await startLocalSnowflake(folder)
  const session = await open()
  for (const sql of statements) await session.run(sql)
  await session.close()
  await local.service.stop()
})
afterAll(async () => {
  await local.service.stop()
  await rm(folder, { recursive: true, force: true })
})

const statements = [
  'CREATE DATABASE IF NOT EXISTS CORETELECOMS',
  'CREATE SCHEMA IF NOT EXISTS CORETELECOMS.RAW',
  'CREATE SCHEMA IF NOT EXISTS CORETELECOMS.STAGING',
  "CREATE STAGE IF NOT EXISTS CORETELECOMS.RAW.ZONE URL = 's3://bucket/'",
  `CREATE TABLE CORETELECOMS.RAW.CALLS (ID NUMBER(10,0), STARTED_AT TIMESTAMP_NTZ(6), DAY DATE, SUM_OF NUMBER(38,0),
    NOTE VARIANT, SEEN_AT TIMESTAMP_TZ)`,
  `INSERT INTO CORETELECOMS.RAW.CALLS SELECT 1, '2025-11-20 01:02:03.123456'::TIMESTAMP_NTZ, '2025-11-20'::DATE,
    12345678901234567890, PARSE_JSON('{"a": 1}'), '2025-11-20 00:00:00 +00:00'::TIMESTAMP_TZ`,
  `CREATE OR REPLACE VIEW CORETELECOMS.STAGING.CALLS COPY GRANTS AS (
    WITH source AS (SELECT * FROM CORETELECOMS.RAW.CALLS)
    SELECT ID, INITCAP('in-progress') AS STATUS, DATEADD(day, 1, DAY) AS NEXT_DAY, DATE_TRUNC('month', DAY) AS MONTH,
      SHA2(ID::VARCHAR, 256) AS KEY, NOTE:a::INT AS A, REGEXP_SUBSTR('FPO AE 12345', '[A-Z]{2} ([0-9]+)', 1, 1, 'e') AS ZIP,
      MD5_NUMBER_LOWER64(ID::VARCHAR) AS HASHED, SPLIT_PART('a@b', '@', 2) AS DOMAIN,
      REGEXP_REPLACE('a1', '[0-9]', '') AS LETTERS, IFF(ID = 1, 'one', 'more') AS WORD,
      DATEDIFF(second, STARTED_AT, STARTED_AT) AS SECONDS, TRY_TO_DATE('2025-11-20') AS D
    FROM source QUALIFY ROW_NUMBER() OVER (PARTITION BY ID ORDER BY STARTED_AT DESC) = 1)`,
  `CREATE OR REPLACE VIEW CORETELECOMS.STAGING.NOTES AS
    SELECT f.key AS K, f.value::VARCHAR AS V FROM CORETELECOMS.RAW.CALLS c, LATERAL FLATTEN(input => c.NOTE) f`,
]

const viewQuery = 'SELECT id, status, next_day, month, a, zip, domain, letters, word, seconds, d FROM staging.calls'
const viewRows = [['1', 'In-Progress', '2025-11-21', '2025-11-01', '1', '12345', 'b', 'a', 'one', '0', '2025-11-20']]

function open(): Promise<Session> {
  return openSession({ url: local.service.url, user: 'CX_LOADER', keys: local.loader })
}

async function read(file: string, sql: string): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create(file, { access_mode: 'READ_ONLY' })
  const connection = await instance.connect()
  const rows = (await connection.runAndReadAll(sql)).getRowsJson()
  connection.closeSync()
  instance.closeSync()
  return rows.map((row) => row.map((value) => (typeof value === 'number' ? String(value) : value)))
}

test('a stop leaves one whole file and nothing beside it', async () => {
  const { databaseFile } = local.service
  expect((await stat(databaseFile)).size).toBeGreaterThan(10_000)
  expect(await readdir(dirname(databaseFile))).toEqual(['CORETELECOMS.duckdb'])
  expect(await readdir(join(folder, 'data', 'snowflake-temporary'))).toEqual([])
})

test('another DuckDB opens the file read-only and reads tables', async () => {
  const rows = await read(
    local.service.databaseFile,
    'SELECT id, started_at, sum_of, note, epoch_ms(seen_at) FROM raw.calls',
  )
  expect(rows).toEqual([['1', '2025-11-20 01:02:03.123456', '12345678901234567890', '{"a":1}', '1763596800000']])
})

test('its views work there, also when the file has another name', async () => {
  expect(await read(local.service.databaseFile, viewQuery)).toEqual(viewRows)
  const copy = join(folder, 'copy of a warehouse.duckdb')
  await copyFile(local.service.databaseFile, copy)
  expect(await read(copy, viewQuery)).toEqual(viewRows)
  expect(await read(copy, 'SELECT k, v FROM staging.notes')).toEqual([['a', '1']])
})

test('its catalog can be listed there', async () => {
  const tables = await read(
    local.service.databaseFile,
    "SELECT table_schema, table_name FROM information_schema.tables WHERE table_schema NOT LIKE '\\_%' ESCAPE '\\' ORDER BY ALL",
  )
  expect(tables).toEqual([
    ['RAW', 'CALLS'],
    ['STAGING', 'CALLS'],
    ['STAGING', 'NOTES'],
  ])
  expect(await read(local.service.databaseFile, 'SELECT count(*) FROM information_schema.columns')).not.toEqual([['0']])
  expect(await read(local.service.databaseFile, 'SHOW ALL TABLES')).not.toEqual([])
})

test('tables and views are there after a restart, and a stage is made again', async () => {
  local = await startLocalSnowflake(folder)
  const session = await open()
  expect(await session.run('SELECT SUM_OF FROM CORETELECOMS.RAW.CALLS')).toEqual([{ SUM_OF: '12345678901234567890' }])
  expect(await session.run('SELECT STATUS, NEXT_DAY FROM CORETELECOMS.STAGING.CALLS')).toEqual([
    { STATUS: 'In-Progress', NEXT_DAY: '2025-11-21' },
  ])
  const [made] = await session.run("CREATE STAGE IF NOT EXISTS CORETELECOMS.RAW.ZONE URL = 's3://bucket/'")
  expect(made?.['status']).toMatch(/successfully created/)
  await session.run('CREATE TABLE CORETELECOMS.RAW.LATER (A NUMBER)')
  await session.close()
})

test('a kill loses nothing that was committed', async () => {
  const session = await open()
  await session.run('INSERT INTO CORETELECOMS.RAW.LATER VALUES (1)')
  await session.run('BEGIN')
  await session.run('INSERT INTO CORETELECOMS.RAW.LATER VALUES (2)')
  process.kill(local.service.pid, 'SIGKILL')
  await local.service.stop()
  local = await startLocalSnowflake(folder)
  const next = await open()
  expect(await next.run('SELECT A FROM CORETELECOMS.RAW.LATER')).toEqual([{ A: '1' }])
  await next.close()
})
