import { tmpdir } from 'node:os'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { castText } from '../../src/contract/cast.ts'
import { trimAscii } from '../../src/contract/trim.ts'
import type { ColumnType } from '../../src/datasets/define-dataset.ts'
import { castSql, trimmedSql } from '../../src/parquet/duckdb-cast-sql.ts'
import { type Engine, openEngine } from '../../src/parquet/duckdb-engine.ts'
import { sqlText } from '../../src/parquet/duckdb-text.ts'
import { nearValues } from '../csv/random-csv.ts'

let engine: Engine
beforeAll(async () => {
  const { signal } = new AbortController()
  engine = await openEngine({ connections: 1, memoryLimit: '200MB', spillDirectory: tmpdir(), signal })
})
afterAll(() => engine.close())

const anyText = fc.string({ unit: 'grapheme', maxLength: 30 }).filter((text) => !text.includes('\0'))
const hostile: Record<ColumnType, fc.Arbitrary<string>> = {
  string: anyText,
  uuid: fc.oneof(nearValues.uuid, anyText),
  int32: fc.oneof(nearValues.int, anyText),
  int64: fc.oneof(nearValues.int, anyText),
  date: fc.oneof(nearValues.date, anyText),
  timestamp: fc.oneof(nearValues.timestamp, nearValues.timestamp, nearValues.date, anyText),
}

describe('castSql', () => {
  test.each(Object.keys(hostile) as ColumnType[])(
    'accepts and makes for %s exactly what castText does',
    async (type) => {
      const texts = fc
        .sample(hostile[type].map(trimAscii), { numRuns: 4000, seed: 20_251_120 })
        .filter((text) => text !== '')
      expect(texts.length).toBeGreaterThan(3000)
      const { value, isAccepted } = castSql(type, 'text')
      const canonical =
        { date: `(${value} - DATE '1970-01-01')`, timestamp: `epoch_us(${value})` }[type as string] ?? value
      const values = texts.map((text, index) => `(${index}, ${sqlText(text)})`).join(', ')
      const rows = await engine.connections[0]!.rows(
        `SELECT CASE WHEN ${isAccepted} THEN hex(encode((${canonical})::VARCHAR)) END FROM (VALUES ${values}) AS t(i, text) ORDER BY i`,
      )
      const expected = texts.map((text) => castText(type, text))
      expect(expected.filter((value) => value !== undefined).length).toBeGreaterThan(50)
      expect(
        rows.map(([hex], index) => [
          texts[index],
          typeof hex === 'string' ? Buffer.from(hex, 'hex').toString() : undefined,
        ]),
      ).toEqual(expected.map((value, index) => [texts[index], value === undefined ? undefined : String(value)]))
    },
  )

  test('accepts null, which only a required column refuses', async () => {
    for (const type of Object.keys(hostile) as ColumnType[]) {
      const { value, isAccepted } = castSql(type, 'text')
      const [row] = await engine.connections[0]!.rows(
        `SELECT ${value} IS NULL, ${isAccepted} FROM (SELECT NULL::VARCHAR AS text)`,
      )
      expect(row).toEqual([true, true])
    }
  })
})

test('trimmedSql trims what trimAscii trims, and gives null where nothing is left', async () => {
  const space = fc.constantFrom(
    ' ',
    '\t',
    '\n',
    '\v',
    '\f',
    '\r',
    '\u00a0',
    '\u0085',
    '\u2003',
    '\u001f',
    '\u0001',
    'x',
    'é',
    '!',
  )
  const texts = fc.sample(fc.string({ unit: space, minLength: 1, maxLength: 6 }), { numRuns: 3000, seed: 7 })
  const values = texts.map((text, index) => `(${index}, ${sqlText(text)})`).join(', ')
  const rows = await engine.connections[0]!.rows(
    `SELECT hex(encode(${trimmedSql('text')})) FROM (VALUES ${values}) AS t(i, text) ORDER BY i`,
  )
  expect(rows.map(([hex]) => (typeof hex === 'string' ? Buffer.from(hex, 'hex').toString() : ''))).toEqual(
    texts.map(trimAscii),
  )
})
