import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { AwsService } from '../../../src/services/aws/start.ts'
import { bucketNames } from '../../../src/services/aws/topology.ts'
import { startLocalAws } from '../aws/local-aws.ts'
import { openSession, type Row, type Session } from './client.ts'
import { type LocalSnowflake, startLocalSnowflake } from './local-snowflake.ts'
import { putPart, writeByDuckdb, writeByRecords } from './parts.ts'

const columns = `ID NUMBER(10,0), SOURCE_INDEX NUMBER(19,0), TEXT VARCHAR, DAY DATE,
  STARTED_AT TIMESTAMP_NTZ(6), _LOADED_AT TIMESTAMP_NTZ(6)`
const rowsOf = (from: number, to: number): string =>
  `SELECT i::INTEGER AS id, i AS source_index, 'row ' || i AS text, DATE '2025-11-20' AS day,
    TIMESTAMP '2025-11-20 00:00:00.000001' + to_microseconds(i) AS started_at,
    TIMESTAMPTZ '2025-11-20 12:00:00.5+00' AS _loaded_at FROM range(${from}, ${to}) AS r(i)`

let folder: string
let aws: AwsService
let local: LocalSnowflake
let session: Session

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cx-load-'))
  aws = await startLocalAws(folder)
  local = await startLocalSnowflake(folder, await aws.assumeAppRole('snowflake-storage'))
  const setup = await open()
  await setup.run('CREATE SCHEMA IF NOT EXISTS CORETELECOMS.RAW')
  await setup.run(
    `CREATE STAGE IF NOT EXISTS CORETELECOMS.RAW.RAW_ZONE URL = 's3://${bucketNames.own}/' STORAGE_INTEGRATION = CX_S3`,
  )
  await setup.close()
  await put('raw/t/one.parquet', rowsOf(0, 1000))
  await put('raw/t/two.parquet', rowsOf(1000, 1500))
})
afterAll(async () => {
  await local.service.stop()
  await aws.stop()
  await rm(folder, { recursive: true, force: true })
})
beforeEach(async () => {
  session = await open()
  await session.run(`CREATE OR REPLACE TABLE T (${columns})`)
})
afterEach(() => session.close())

function open(): Promise<Session> {
  return openSession({ url: local.service.url, user: 'CX_LOADER', keys: local.loader })
}

async function put(key: string, query: string, compression?: Parameters<typeof writeByDuckdb>[0]['compression']) {
  const file = join(folder, key.replaceAll('/', '-'))
  await writeByDuckdb({ file, query, ...(compression ? { compression } : {}) })
  await putPart(aws, key, file)
}

function copySql(files: readonly string[], { table = 'T', options = 'FORCE = TRUE' } = {}): string {
  return `COPY INTO CORETELECOMS.RAW.${table} FROM @CORETELECOMS.RAW.RAW_ZONE
    FILES = (${files.map((file) => `'${file}'`).join(', ')})
    FILE_FORMAT = (TYPE = PARQUET USE_LOGICAL_TYPE = TRUE BINARY_AS_TEXT = FALSE TRIM_SPACE = FALSE REPLACE_INVALID_CHARACTERS = FALSE NULL_IF = ())
    MATCH_BY_COLUMN_NAME = CASE_INSENSITIVE ON_ERROR = ABORT_STATEMENT ${options}`
}

async function count(of: Session = session): Promise<unknown> {
  return (await of.run('SELECT COUNT(*) AS N FROM CORETELECOMS.RAW.T'))[0]?.['N']
}

describe('COPY INTO', () => {
  test('tells the rows of each file', async () => {
    const rows = await session.run(copySql(['raw/t/one.parquet', 'raw/t/two.parquet']))
    expect(rows.map((row) => [row['file'], row['status'], row['rows_parsed'], row['rows_loaded']])).toEqual([
      [`s3://${bucketNames.own}/raw/t/one.parquet`, 'LOADED', '1000', '1000'],
      [`s3://${bucketNames.own}/raw/t/two.parquet`, 'LOADED', '500', '500'],
    ])
    expect(await count()).toBe('1500')
  })

  test.each(['zstd', 'snappy', 'gzip', 'uncompressed'] as const)('reads %s', async (compression) => {
    await put(`raw/t/${compression}.parquet`, rowsOf(0, 10), compression)
    await session.run(copySql([`raw/t/${compression}.parquet`]))
    expect(await count()).toBe('10')
  })

  test('keeps every type exact, from DuckDB and from records alike', async () => {
    await put(
      'raw/t/types.parquet',
      `SELECT 7::INTEGER AS id, 9007199254740993 AS source_index, 'é 漢 👩‍🚀' AS text, DATE '1969-12-31' AS day,
        TIMESTAMP '2025-11-20 00:00:00.123456' AS started_at, TIMESTAMPTZ '2025-11-20 00:00:00.654321+00' AS _loaded_at
      UNION ALL SELECT NULL, NULL, NULL, NULL, NULL, NULL`,
    )
    await putPart(aws, 'raw/t/records.parquet', await writeByRecords(folder))
    const shown = `SELECT ID, SOURCE_INDEX, TEXT, DAY::VARCHAR AS DAY, STARTED_AT::VARCHAR AS STARTED_AT,
      DATEDIFF(microsecond, '1970-01-01'::TIMESTAMP_NTZ, _LOADED_AT)::VARCHAR AS LOADED_AT FROM T ORDER BY ID NULLS LAST`
    const expected: Row[] = [
      {
        ID: '7',
        SOURCE_INDEX: '9007199254740993',
        TEXT: 'é 漢 👩‍🚀',
        DAY: '1969-12-31',
        STARTED_AT: '2025-11-20 00:00:00.123456',
        LOADED_AT: '1763596800654321',
      },
      { ID: null, SOURCE_INDEX: null, TEXT: null, DAY: null, STARTED_AT: null, LOADED_AT: null },
    ]
    await session.run(copySql(['raw/t/types.parquet']))
    expect(await session.run(shown)).toEqual(expected)
    await session.run('TRUNCATE TABLE T')
    await session.run(copySql(['raw/t/records.parquet']))
    expect(await session.run(shown)).toEqual(expected)
  })

  test('fills absent columns with NULL, ignores unknown ones, and keeps text in a VARIANT as text', async () => {
    await session.run('CREATE OR REPLACE TABLE W (ID NUMBER(10,0), REASONS VARIANT, NOTE VARIANT, MISSING VARCHAR)')
    await put('raw/t/wide.parquet', `SELECT 1 AS "Id", ['a','b'] AS reasons, '{"a":1}' AS note, 5 AS other`)
    await session.run(copySql(['raw/t/wide.parquet'], { table: 'W' }))
    const rows = await session.run('SELECT ID, REASONS[1]::VARCHAR AS R, NOTE AS N, MISSING FROM W')
    expect(rows).toEqual([{ ID: '1', R: 'b', N: '{"a":1}', MISSING: null }])
  })

  test('takes many files at once, and refuses more than a thousand', { timeout: 60_000 }, async () => {
    const files = Array.from({ length: 150 }, (_, index) => `raw/many/part-${index}.parquet`)
    const file = join(folder, 'small.parquet')
    await writeByDuckdb({ file, query: rowsOf(0, 2) })
    for (let index = 0; index < files.length; index += 50) {
      await Promise.all(files.slice(index, index + 50).map((key) => putPart(aws, key, file)))
    }
    expect(await session.run(copySql(files))).toHaveLength(150)
    expect(await count()).toBe('300')
    const tooMany = Array.from({ length: 1001 }, (_, index) => `raw/many/part-${index}.parquet`)
    await expect(session.run(copySql(tooMany))).rejects.toThrow(/at most 1000/)
  })

  test('without FORCE skips a file that was loaded before', async () => {
    await session.run(copySql(['raw/t/two.parquet'], { options: '' }))
    const [row] = await session.run(copySql(['raw/t/two.parquet'], { options: 'FORCE = FALSE' }))
    expect(row).toMatchObject({ status: 'LOAD_SKIPPED', rows_loaded: '0' })
    expect(await count()).toBe('500')
  })

  test('names a file that is missing, and one that the role may not read', async () => {
    const policy = aws.appPolicy('snowflake-storage')
    const list = {
      Sid: 'FindWhatIsCopied',
      Effect: 'Allow',
      Action: 's3:ListBucket',
      Resource: `arn:aws:s3:::${bucketNames.own}`,
    }
    await aws.replaceAppPolicy('snowflake-storage', {
      ...policy,
      Statement: [...policy.Statement, list],
    } as typeof policy)
    await expect(session.run(copySql(['raw/t/absent.parquet']))).rejects.toMatchObject({
      code: '091016',
      message: expect.stringContaining('absent.parquet') as unknown,
    })
    await put('elsewhere/one.parquet', rowsOf(0, 1))
    await expect(session.run(copySql(['elsewhere/one.parquet']))).rejects.toMatchObject({
      code: '091003',
      sqlState: '42501',
      message: expect.stringContaining('s3:GetObject') as unknown,
    })
    await aws.replaceAppPolicy('snowflake-storage', policy)
  })

  test('refuses a file that is no Parquet, a value that does not fit, and a NULL where none may be', async () => {
    await putPart(aws, 'raw/t/text.parquet', join(folder, 'logs', 'snowflake.log'))
    await expect(session.run(copySql(['raw/t/text.parquet']))).rejects.toThrow(/Parquet/)
    await put('raw/t/wrong.parquet', "SELECT 'seven' AS id")
    await expect(session.run(copySql(['raw/t/wrong.parquet']))).rejects.toThrow(/Conversion Error/)
    await session.run('CREATE OR REPLACE TABLE STRICT (ID NUMBER(10,0), TEXT VARCHAR NOT NULL)')
    await put('raw/t/nulls.parquet', 'SELECT 1 AS id')
    await expect(session.run(copySql(['raw/t/nulls.parquet'], { table: 'STRICT' }))).rejects.toMatchObject({
      sqlState: '22000',
    })
  })

  test.each([
    ['ON_ERROR = CONTINUE', /ON_ERROR/],
    ['PURGE = TRUE', /PURGE/],
  ])('refuses %s at once', async (option, message) => {
    const sql = copySql(['raw/t/one.parquet']).replace('ON_ERROR = ABORT_STATEMENT', option)
    await expect(session.run(sql)).rejects.toThrow(message)
  })
})

describe('a transaction', () => {
  test('replaces rows in one step that others see whole or not at all', async () => {
    await session.run(copySql(['raw/t/one.parquet']))
    const reader = await open()
    await session.run('BEGIN TRANSACTION')
    await session.run('DELETE FROM T WHERE DAY = ?::DATE', ['2025-11-20'])
    await session.run(copySql(['raw/t/two.parquet']))
    await session.run("INSERT INTO T (ID, TEXT) VALUES (-1, 'ledger')")
    expect([await count(), await count(reader)]).toEqual(['501', '1000'])
    await session.run('COMMIT')
    expect(await count(reader)).toBe('501')
    await reader.close()
  })

  test('that is rolled back leaves everything as it was', async () => {
    await session.run(copySql(['raw/t/one.parquet']))
    await session.run('BEGIN')
    await session.run('DELETE FROM T')
    await session.run(copySql(['raw/t/two.parquet']))
    await session.run('ROLLBACK')
    expect(await count()).toBe('1000')
  })

  test('in which a statement failed cannot be committed by mistake', async () => {
    await session.run(copySql(['raw/t/one.parquet']))
    await session.run('BEGIN')
    await session.run('DELETE FROM T')
    await expect(session.run(copySql(['raw/t/text.parquet']))).rejects.toThrow()
    await expect(session.run('COMMIT')).rejects.toThrow(/failed in this transaction/)
    expect(await count()).toBe('1000')
  })

  test('of a second loader is refused while the first one writes, and loads nothing twice', async () => {
    const second = await open()
    await session.run('BEGIN')
    await session.run('DELETE FROM T')
    await session.run(copySql(['raw/t/one.parquet']))
    await second.run('BEGIN')
    await expect(second.run('DELETE FROM T')).rejects.toMatchObject({ code: '000625' })
    await second.run('ROLLBACK')
    await session.run('COMMIT')
    expect(await count()).toBe('1000')
    await second.close()
  })

  test('of a second loader that waits goes on with what the first one committed', async () => {
    const second = await open()
    await second.run('ALTER SESSION SET LOCK_TIMEOUT = 20')
    await second.run('BEGIN')
    // Its snapshot would be older than the commit of the first.
    expect(await count(second)).toBe('0')
    await session.run('BEGIN')
    await session.run('DELETE FROM T')
    await session.run(copySql(['raw/t/one.parquet']))
    const waiting = second.run('DELETE FROM T')
    await session.run('COMMIT')
    expect(await waiting).toEqual([{ 'number of rows deleted': '1000' }])
    await second.run(copySql(['raw/t/two.parquet']))
    await second.run('COMMIT')
    expect(await count()).toBe('500')
    await second.close()
  })

  test('that waits for another one, or runs long, can be canceled', async () => {
    const second = await open()
    await second.run('ALTER SESSION SET LOCK_TIMEOUT = 60')
    await session.run('BEGIN')
    await session.run('DELETE FROM T')
    const busy = session.runAndCancel(
      'SELECT SUM(a.SEQ * b.SEQ) FROM (SELECT SEQ4() AS SEQ FROM TABLE(GENERATOR(ROWCOUNT => 900000))) a, (SELECT SEQ4() AS SEQ FROM TABLE(GENERATOR(ROWCOUNT => 900000))) b',
      1500,
    )
    const canceled = { code: '000604' }
    await Promise.all([
      expect(second.runAndCancel('DELETE FROM T', 500)).rejects.toMatchObject(canceled),
      expect(busy).rejects.toMatchObject(canceled),
    ])
    await session.run('ROLLBACK')
    await second.close()
  })

  test('whose client is gone makes way for the next', async () => {
    const dead = await open()
    await dead.run('BEGIN')
    await dead.run(copySql(['raw/t/one.parquet']))
    await dead.run('DELETE FROM T WHERE ID = 1')
    await session.run('ALTER SESSION SET LOCK_TIMEOUT = 20')
    await session.run('BEGIN')
    expect(await session.run('DELETE FROM T')).toEqual([{ 'number of rows deleted': '0' }])
    await session.run('COMMIT')
    await expect(dead.run('COMMIT')).rejects.toThrow(/rolled back/)
    expect(await count()).toBe('0')
    await dead.close()
  })

  test('ends before DDL, as on Snowflake', async () => {
    await session.run('BEGIN')
    await session.run(copySql(['raw/t/two.parquet']))
    await session.run('CREATE TABLE IF NOT EXISTS U (A NUMBER)')
    await session.run('ROLLBACK')
    expect(await count()).toBe('500')
  })
})
