import { expect, test } from 'vitest'
import { findCopyFaults } from '../src/copy-parts.ts'
import { copyIntoSql } from '../src/copy-sql.ts'
import { partLoadId } from '../src/ledger.ts'

const part = (index: number): { key: string; rows: number; bytes: number; sha256: string } => ({
  key: `raw/agents/load=a/part-${index}.parquet`,
  rows: 10,
  bytes: 1,
  sha256: '0'.repeat(64),
})

test('one COPY names at most 1,000 files, and all of them name each file once', () => {
  const keys = Array.from({ length: 2001 }, (_, index) => `raw/${index}`)
  const statements = copyIntoSql('RAW.T', keys)
  const named = statements.map((sql) => [...sql.matchAll(/'(raw\/\d+)'/g)].map((match) => match[1]))
  expect(named.map((files) => files.length)).toEqual([1000, 1000, 1])
  expect(named.flat()).toEqual(keys)
})

test('nothing to copy is no statement', () => {
  expect(copyIntoSql('RAW.T', [])).toEqual([])
})

test('a key with a quote stays one name', () => {
  expect(copyIntoSql('RAW.T', ["raw/it's"])[0]).toContain("FILES = ('raw/it''s')")
})

test('a file is found by its path in the stage and by its whole URL', () => {
  const copied = [
    { file: part(0).key, rowsParsed: 10, rowsLoaded: 10 },
    { file: `s3://bucket/${part(1).key}`, rowsParsed: 10, rowsLoaded: 10 },
  ]
  expect(findCopyFaults([part(0), part(1)], copied)).toEqual([])
})

test('a file that was parsed but not loaded whole, one that was left out and one too many are told', () => {
  const copied = [
    { file: part(0).key, rowsParsed: 10, rowsLoaded: 9 },
    { file: 'raw/other', rowsParsed: 1, rowsLoaded: 1 },
    { file: 'raw/another', rowsParsed: 1, rowsLoaded: 1 },
  ]
  expect(findCopyFaults([part(0), part(1)], copied)).toEqual([
    `${part(0).key} holds 10 rows, of which COPY read 10 and loaded 9`,
    `${part(1).key} was not copied`,
    'COPY took 3 files, the manifest names 2',
  ])
})

test('the load of a part is read from its key', () => {
  expect(partLoadId('raw/agents/snapshot_date=2025-11-20/load=0199/part-00000.parquet')).toBe('0199')
  expect(() => partLoadId('raw/agents/part-00000.parquet')).toThrow(TypeError)
})
