import { expect, test } from 'vitest'
import { copySql } from '../src/snapshot.ts'
import { quoteIdentifier } from '../src/table.ts'

test('names are quoted, whatever they hold', () => {
  expect(quoteIdentifier('customeR iD')).toBe('"customeR iD"')
  expect(quoteIdentifier('a"; drop table x; --')).toBe('"a""; drop table x; --"')
})

test('the COPY casts every column to text under its own name', () => {
  const table = { name: '"s"."t"', columns: ['Column1', 'a"b'], shape: '' }
  expect(copySql(table)).toBe(
    `copy (select r."Column1"::text as "Column1", r."a""b"::text as "a""b" from "s"."t" as r) to stdout (format csv, header true, encoding 'UTF8')`,
  )
})
