import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ContractError } from '@coretelecoms/core'
import type { Sql, TransactionSql } from 'postgres'
import { readCsvRecords } from '../csv/csv-records.ts'
import type { CsvRecord } from '../csv/csv-records.ts'
import type { World, WorldFile } from '../world.ts'
import type { SeedOptions } from './seed-options.ts'

/** Where the web forms of a world go. */
export interface TableTarget {
  /** As the owner of the schema. */
  readonly sql: Sql
  /** Must exist. */
  readonly schema: string
}

/** Longer names are cut by Postgres in silence. */
const longestIdentifierBytes = 63
const flushCharacters = 1 << 16

/** The table that a day of web forms is delivered as (SOURCES: Where). */
export function webFormTable(day: string): string {
  return `web_form_request_${day.replaceAll('-', '_')}`
}

/**
 * Puts each day of web forms into a table of its own: text columns under the headers of the file, values byte for
 * byte, an empty field as the empty text and never as NULL. Tables of days that the world does not have are dropped. A
 * table that was filled from the same bytes stays as it is; its comment holds the sha256 of the file.
 *
 * A table has no ragged rows and a text column no invalid bytes: a file that has any is refused with a ContractError
 * that names file and row, and its table stays as it was.
 */
export async function seedWebFormTables(world: World, target: TableTarget, options: SeedOptions = {}): Promise<void> {
  const existing = await listTables(target)
  for (const file of world.files.filter(({ dataset }) => dataset === 'web_forms')) {
    options.signal?.throwIfAborted()
    const table = webFormTable(file.day ?? '')
    const isThere = existing.get(table) === commentOf(file)
    if (!isThere) await target.sql.begin((transaction) => fillTable(transaction, target.schema, table, file))
    existing.delete(table)
    const outcome = isThere ? 'unchanged' : 'written'
    options.onProgress?.({ step: 'seed', item: table, done: file.bytes, total: file.bytes, outcome })
  }
  for (const table of existing.keys()) {
    await target.sql`drop table ${target.sql(target.schema)}.${target.sql(table)}`
    options.onProgress?.({ step: 'seed', item: table, done: 0, total: 0, outcome: 'removed' })
  }
}

async function listTables({ sql, schema }: TableTarget): Promise<Map<string, string | null>> {
  const rows = await sql<{ name: string; comment: string | null }[]>`
    select relation.relname as name, obj_description(relation.oid, 'pg_class') as comment
    from pg_class as relation
    join pg_namespace as namespace on namespace.oid = relation.relnamespace
    where namespace.nspname = ${schema} and relation.relkind = 'r' and relation.relname ~ '^web_form_request_'`
  return new Map(rows.map(({ name, comment }) => [name, comment]))
}

function commentOf(file: WorldFile): string {
  return `sha256 ${file.sha256}`
}

async function fillTable(sql: TransactionSql, schema: string, table: string, file: WorldFile): Promise<void> {
  const records = readCsvRecords(file.path)
  const header = await records.next()
  const headers = checkHeaders(file, header.done ? undefined : header.value)
  const columns = headers.map((name) => `${quoteIdentifier(name)} text`).join(', ')
  const name = `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`
  await sql.unsafe(`drop table if exists ${name}`)
  await sql.unsafe(`create table ${name} (${columns})`)
  const rows = await sql.unsafe(`copy ${name} from stdin (format csv)`).writable()
  await pipeline(Readable.from(quoteRows(records, headers.length, file)), rows)
  await sql.unsafe(`comment on table ${name} is '${commentOf(file)}'`)
}

function checkHeaders(file: WorldFile, record: CsvRecord | undefined): readonly string[] {
  const headers = record?.fields ?? []
  if (record === undefined || record.faults.length > 0) {
    throw new ContractError('no_header', `${file.path}: has no header that can be read`)
  }
  const odd = headers.find((name, index) => {
    return name === '' || Buffer.byteLength(name) > longestIdentifierBytes || headers.indexOf(name) !== index
  })
  if (odd === undefined) return headers
  const message = `${file.path}: the header ${JSON.stringify(odd)} cannot name a column of a table; it must be there once, not be empty and have at most ${longestIdentifierBytes} bytes`
  throw new ContractError('header', message)
}

/**
 * Every value goes in quotes: that makes an empty one the empty text and leaves nothing for Postgres' own CSV rules,
 * which take a quote inside an unquoted value for the start of a quoted part.
 */
async function* quoteRows(records: AsyncIterable<CsvRecord>, width: number, file: WorldFile): AsyncGenerator<Buffer> {
  let text = ''
  for await (const { row, fields, faults } of records) {
    if (faults.length > 0 || fields.length !== width) {
      const what = faults.length > 0 ? faults.join(' and ') : `${fields.length} fields where the header has ${width}`
      const message = `${file.path}: row ${row} has ${what}, which no row of a Postgres table can have; mend the file`
      throw new ContractError('web_form_row', message)
    }
    text += `${fields.map((field) => `"${field.replaceAll('"', '""')}"`).join(',')}\n`
    if (text.length < flushCharacters) continue
    yield Buffer.from(text)
    text = ''
  }
  if (text !== '') yield Buffer.from(text)
}

function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
