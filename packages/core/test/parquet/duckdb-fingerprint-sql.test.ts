import { tmpdir } from 'node:os'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { rowFingerprint, rowText } from '../../src/contract/fingerprint.ts'
import { type Engine, openEngine } from '../../src/parquet/duckdb-engine.ts'
import { rowHashSql, sumFingerprintsSql } from '../../src/parquet/duckdb-fingerprint-sql.ts'
import { sqlText } from '../../src/parquet/duckdb-text.ts'
import type { Field } from '../../src/parquet/part-schema.ts'

let engine: Engine
beforeAll(async () => {
  const { signal } = new AbortController()
  engine = await openEngine({ connections: 1, memoryLimit: '200MB', spillDirectory: tmpdir(), signal })
})
afterAll(() => engine.close())

const values: Field[] = [
  { name: 'a', type: 'string' },
  { name: 'b', type: 'int32' },
  { name: 'c', type: 'int64' },
  { name: 'd', type: 'date' },
  { name: 'e', type: 'timestamp' },
]

const firstDay = -719_162 // 0001-01-01
const lastDay = 2_932_896 // 9999-12-31
const dayMicros = 86_400_000_000n
const maybe = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> => fc.option(value, { freq: 4 })
const row = fc.tuple(
  maybe(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter((text) => !text.includes('\0'))),
  maybe(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
  maybe(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
  maybe(fc.integer({ min: firstDay, max: lastDay })),
  maybe(fc.bigInt({ min: BigInt(firstDay) * dayMicros, max: BigInt(lastDay) * dayMicros })),
)

test('DuckDB sums the fingerprint that JavaScript sums, over nulls, emoji, dates before 1970 and the year 1', async () => {
  const rows = fc.sample(row, { numRuns: 2000, seed: 11 })
  const literals = rows.map(([a, b, c, d, e], index) => {
    const date = d === null ? 'NULL::DATE' : `(DATE '1970-01-01' + '${d}'::INTEGER)`
    const timestamp = e === null ? 'NULL::TIMESTAMP' : `make_timestamp('${e}'::BIGINT)`
    const text = a === null ? 'NULL' : sqlText(a)
    return `(${text}, ${b === null ? 'NULL' : sqlText(String(b))}::INTEGER, '${c ?? 0}'::BIGINT${c === null ? ' + NULL' : ''}, ${date}, ${timestamp}, ${index + 1})`
  })
  const hashes = `SELECT ${rowHashSql({ values })} AS h FROM (VALUES ${literals.join(', ')}) AS t(a, b, c, d, e, _source_row)`
  const [sums] = await engine.connections[0]!.rows(`SELECT ${sumFingerprintsSql('h')} FROM (${hashes})`)
  const expected = rows.reduce((sum, cells, index) => sum + rowFingerprint(rowText(cells, index + 1)), 0n)
  expect(sums?.[0]).toBe(String(expected))
})

test("a row hash is Snowflake's MD5_NUMBER_LOWER64 (the value its documentation gives for 'Snowflake')", async () => {
  expect(rowFingerprint('Snowflake')).toBe(9_203_306_159_527_282_910n)
  const [sums] = await engine.connections[0]!.rows(
    `SELECT ${sumFingerprintsSql('h')} FROM (SELECT (md5_number('Snowflake') >> 64)::UBIGINT AS h)`,
  )
  expect(sums?.[0]).toBe('9203306159527282910')
})
