import { execa } from 'execa'
import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { repositoryRoot } from '../../../src/platform/repository.ts'
import { ensurePythonEnvironment } from '../../../src/python/environment.ts'
import { openSession, type Session } from './client.ts'
import { type LocalSnowflake, startLocalSnowflake } from './local-snowflake.ts'

let folder: string
let local: LocalSnowflake
let session: Session

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cx-sql-'))
  local = await startLocalSnowflake(folder)
  session = await openSession({ url: local.service.url, user: 'CX_LOADER', keys: local.loader })
  await session.run('CREATE SCHEMA IF NOT EXISTS CORETELECOMS.RAW')
})
afterAll(async () => {
  await session.close()
  await local.service.stop()
  await rm(folder, { recursive: true, force: true })
})

async function value(expression: string): Promise<unknown> {
  return (await session.run(`SELECT ${expression} AS V`))[0]?.['V']
}

describe('numbers', () => {
  test('the sum of 64-bit hashes over 100,000 rows is exact for Node and for Python', { timeout: 60_000 }, async () => {
    const rows = 100_000
    let expected = 0n
    for (let row = 0; row < rows; row += 1) {
      expected += BigInt(`0x${createHash('md5').update(`row ${row}`).digest('hex').slice(16)}`)
    }
    await session.run(
      `CREATE OR REPLACE TABLE HASHED AS SELECT 'row ' || SEQ4() AS TEXT FROM TABLE(GENERATOR(ROWCOUNT => ${rows}))`,
    )
    const sum = 'SUM(MD5_NUMBER_LOWER64(TEXT)::NUMBER(38,0))'
    const [row] = await session.run(`SELECT ${sum} AS A, ${sum}::VARCHAR AS B FROM HASHED`)
    expect(row).toEqual({ A: String(expected), B: String(expected) })
    expect(await askByPython(`SELECT ${sum} FROM CORETELECOMS.RAW.HASHED`)).toBe(String(expected))
  })

  test('the hash of a text is the one in Snowflake’s documentation', async () => {
    expect(await value("MD5_NUMBER_LOWER64('Snowflake')")).toBe('9203306159527282910')
  })

  test('38 digits survive a table, a sum and a bound value', async () => {
    await session.run('CREATE OR REPLACE TABLE BIG (A NUMBER(38,0), B INTEGER)')
    await session.run('INSERT INTO BIG (A, B) VALUES (?, ?)', [
      '12345678901234567890123456789012345678',
      9_007_199_254_740_991,
    ])
    await session.run('INSERT INTO BIG (A, B) VALUES (?, ?)', ['1', 2])
    expect(await session.run('SELECT SUM(A) AS A, SUM(B) AS B, AVG(B) > 1 AS C FROM BIG')).toEqual([
      { A: '12345678901234567890123456789012345679', B: '9007199254740993', C: true },
    ])
  })
})

const expressions: readonly (readonly [string, unknown])[] = [
  ["SHA2('x', 256)", '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881'],
  ["DATEDIFF(microsecond, '1970-01-01'::TIMESTAMP_NTZ, '1969-12-31 23:59:59.999999'::TIMESTAMP_NTZ)", '-1'],
  ["DATEDIFF(day, '1970-01-01'::DATE, '0001-01-01'::DATE)", '-719162'],
  ["CONCAT_WS(CHR(31), 'a', COALESCE(NULL, CHR(30)))", 'a\u001f\u001e'],
  ["CONCAT_WS('-', 'a', NULL)", null],
  ["'a' || NULL", null],
  ["REGEXP_SUBSTR('FPO AE 12345', '([A-Z]{2}) ([0-9]{5})', 1, 1, 'e', 1)", 'AE'],
  ["REGEXP_SUBSTR('none', '[0-9]+')", null],
  ["REGEXP_LIKE('abc', 'b')", false],
  ["REGEXP_LIKE('ABC', 'a.c', 'i')", true],
  ["REGEXP_REPLACE('GmaiL.om', '\\\\.om$', '.com')", 'GmaiL.com'],
  ["REGEXP_REPLACE('a1b2', '[0-9]')", 'ab'],
  ["REGEXP_REPLACE('a1b2', '[0-9]', '#', 1, 1)", 'a#b2'],
  ["REGEXP_REPLACE('a1b2', '[A-Z]', '#', 1, 0, 'i')", '#1#2'],
  ["SPLIT_PART('a@b.c', '@', -1)", 'b.c'],
  ["TRY_TO_DATE('2025-01-32')", null],
  ["TRY_TO_TIMESTAMP_NTZ('x')", null],
  ["TRY_CAST('x' AS TIMESTAMP_NTZ)", null],
  ["TO_CHAR(DATEADD(day, 1, '2025-01-31'::DATE), 'YYYYMMDD')", '20250201'],
  ["'2025-01-31 10:00:00'::TIMESTAMP_NTZ::TIMESTAMP_NTZ::DATE", '2025-01-31'],
  ["IFF(TRUE, 'yes', 'no')", 'yes'],
  ["LEFT('abc', 2) || RIGHT('abc', 1) || LOWER('X')", 'abcx'],
  ["INITCAP('in-progress now')", 'In-Progress Now'],
  ['PARSE_JSON(\'{"a":[1,2]}\'):a[1]::INT', '2'],
  ["ARRAY_SIZE(ARRAY_CONSTRUCT('x', 'y'))", '2'],
  ["DATEADD(day, -7, '2025-01-08'::DATE)", '2025-01-01'],
  ["DATEADD(month, 1, '2025-01-31'::DATE)", '2025-02-28'],
  ["DATE_TRUNC('month', '2025-03-05'::DATE)", '2025-03-01'],
  ["DATE_TRUNC('hour', '2025-03-05 04:05:06'::TIMESTAMP_NTZ)::VARCHAR", '2025-03-05 04:00:00'],
]

describe('functions', () => {
  test.each(expressions)('%s', async (expression, expected) => {
    expect(await value(expression)).toEqual(expected)
  })

  test('MEDIAN, PERCENTILE_CONT and QUALIFY work over rows', async () => {
    const rows = '(SELECT 1 AS V UNION ALL SELECT 2 UNION ALL SELECT 10)'
    expect(
      await session.run(
        `SELECT MEDIAN(V)::FLOAT::VARCHAR AS M, PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY V)::FLOAT AS P FROM ${rows}`,
      ),
    ).toEqual([{ M: '2.0', P: '8.4' }])
    expect(await session.run(`SELECT V FROM ${rows} QUALIFY ROW_NUMBER() OVER (ORDER BY V DESC) = 1`)).toEqual([
      { V: '10' },
    ])
  })

  test('a date in a column stays a date when days are added', async () => {
    await session.run(
      "CREATE OR REPLACE TABLE D AS SELECT '2025-01-31'::DATE AS DAY, '2025-01-31 10:00:00'::TIMESTAMP_NTZ AS SEEN_AT",
    )
    expect(
      await session.run(
        'SELECT DATEADD(day, 1, DAY) AS A, DATE_TRUNC(month, DAY) AS B, DATEADD(day, 1, SEEN_AT)::VARCHAR AS C FROM D',
      ),
    ).toEqual([{ A: '2025-02-01', B: '2025-01-01', C: '2025-02-01 10:00:00' }])
  })
})

describe('statements', () => {
  test.each([
    "ALTER SESSION SET QUERY_TAG = 'run 1'",
    'GRANT SELECT ON ALL TABLES IN SCHEMA CORETELECOMS.RAW TO ROLE CX_TRANSFORMER',
    'CREATE WAREHOUSE IF NOT EXISTS CX_WH WAREHOUSE_SIZE = XSMALL',
    'CREATE ROLE IF NOT EXISTS CX_ANALYST',
    "CREATE MASKING POLICY IF NOT EXISTS P AS (V STRING) RETURNS STRING -> CASE WHEN CURRENT_ROLE() = 'A' THEN V END",
    '/* {"app": "dbt"} */ GRANT USAGE ON DATABASE CORETELECOMS TO ROLE CX_TRANSFORMER',
  ])('%s is accepted', async (sql) => {
    expect(await session.run(sql)).toHaveLength(1)
  })

  test.each([
    ['SELEC 1', '001003'],
    ['SELECT * FROM NO_SUCH_TABLE', '002003'],
    ['SELECT NO_SUCH_FUNCTION(1)', '002003'],
    ["SELECT 'x'::NUMBER", '100035'],
    ['SELECT * FROM TABLE(RESULT_SCAN(LAST_QUERY_ID()))', '001003'],
    ['SELECT SOUNDEX(1)', '000002'],
    ["SELECT TO_CHAR(1, '999')", '000002'],
    ['CREATE OR REPLACE VIEW V AS SELECT CURRENT_ROLE() AS R', '000002'],
  ])('%s fails at once with an SQL error', { timeout: 5000 }, async (sql, code) => {
    await expect(session.run(sql)).rejects.toMatchObject({ code })
  })

  test('a value bound with a cast is taken, and a question mark in a text is none', async () => {
    const rows = await session.run("SELECT ?::DATE AS A, '?::DATE' AS B WHERE 1 = ?", ['2025-11-20', 1])
    expect(rows).toEqual([{ A: '2025-11-20', B: '?::DATE' }])
  })

  test('many rows can be bound at once', async () => {
    await session.run('CREATE OR REPLACE TABLE MANY (A NUMBER(19,0), B VARCHAR)')
    const marks = Array.from({ length: 500 }, () => '(?, ?)').join(', ')
    const binds = Array.from({ length: 500 }, (_, index) => [index, index % 2 ? `text ${index}` : null]).flat()
    await session.run(`INSERT INTO MANY (A, B) VALUES ${marks}`, binds)
    expect(await session.run('SELECT SUM(A) AS S, COUNT(B) AS N FROM MANY')).toEqual([{ S: '124750', N: '250' }])
  })

  test('MERGE counts what it did, inside a transaction too', async () => {
    await session.run('CREATE OR REPLACE TABLE M (ID NUMBER, V VARCHAR)')
    await session.run("INSERT INTO M VALUES (1, 'old'), (2, 'old')")
    await session.run('BEGIN')
    const merge = `MERGE INTO M t USING (SELECT 1 AS ID, 'new' AS V UNION ALL SELECT 3, 'new') s ON t.ID = s.ID
      WHEN MATCHED THEN UPDATE SET t.V = s.V WHEN NOT MATCHED THEN INSERT (ID, V) VALUES (s.ID, s.V)`
    expect(await session.run(merge)).toEqual([{ 'number of rows inserted': '1', 'number of rows updated': '1' }])
    await session.run('ROLLBACK')
    expect(await session.run('SELECT LISTAGG(V, $$,$$) AS V FROM M')).toEqual([{ V: 'old,old' }])
  })
})

/** Asks through Snowflake's connector for Python and returns the first value as Python writes it. */
async function askByPython(sql: string): Promise<string> {
  const { python } = await ensurePythonEnvironment({ name: 'dbt', root: repositoryRoot })
  const program = `
import snowflake.connector as s, sys
host, port, key, sql = sys.argv[1:]
c = s.connect(account="sandbox", user="CX_LOADER", private_key_file=key, host=host, port=int(port), protocol="http")
print(repr(c.cursor().execute(sql).fetchone()[0]))
c.close()`
  const { host, port } = local.service
  const { stdout } = await execa(python, ['-c', program, host, String(port), local.loader.privateKeyFile, sql])
  return stdout
}
