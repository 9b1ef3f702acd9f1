import { expect, test } from 'vitest'
import {
  addColumnSql,
  datasets,
  lineageFields,
  opsTables,
  rawTable,
  rawTableSql,
  socialMedia,
  sqlText,
} from '../../src/index.ts'

test('a table of RAW holds the columns of the contract, _extra, then lineage', () => {
  for (const dataset of datasets) {
    expect(rawTable(dataset).columns.map((column) => column.name)).toEqual([
      ...dataset.columns.map((column) => column.name),
      '_extra',
      ...lineageFields.map((field) => field.name),
    ])
  }
})

test('each type of a contract has its type in the warehouse', () => {
  const sql = rawTableSql(socialMedia)
  expect(sql).toMatch(/^CREATE TABLE IF NOT EXISTS RAW\.SOCIAL_MEDIA \(/)
  expect(sql).toContain('  customer_id VARCHAR COMMENT ')
  expect(sql).toContain('  agent_id NUMBER(10,0) COMMENT ')
  expect(sql).toContain('  source_index NUMBER(19,0) COMMENT ')
  expect(sql).toContain('  generation_date DATE COMMENT ')
  expect(sql).toContain('  requested_at TIMESTAMP_NTZ(6) COMMENT ')
  expect(sql).toContain('  _loaded_at TIMESTAMP_NTZ(6) NOT NULL COMMENT ')
})

test('a column that is added later is nullable', () => {
  const table = rawTable(socialMedia)
  const column = table.columns.find(({ name }) => name === '_source_row')!
  expect(addColumnSql(table, column)).toBe('ALTER TABLE RAW.SOCIAL_MEDIA ADD COLUMN _source_row NUMBER(19,0)')
})

test('a text with quotes and backslashes stays one literal', () => {
  expect(sqlText("it's \\ here")).toBe("'it''s \\\\ here'")
})

test('the tables of OPS are named as the design names them', () => {
  expect(opsTables.map(({ name }) => name)).toEqual([
    'load_ledger',
    'loaded_parts',
    'quarantined_rows',
    'run_log',
    'pseudonym_key',
    'load_lock',
  ])
})
