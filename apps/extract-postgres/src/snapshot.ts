import type { DatabaseClient } from './client.ts'
import { quoteIdentifier, type SourceTable } from './table.ts'

// How values print must depend neither on the server's settings, nor on the role's, nor on this process's time zone.
const printing = {
  timezone: 'UTC',
  datestyle: 'ISO, MDY',
  intervalstyle: 'postgres',
  extra_float_digits: '1',
  bytea_output: 'hex',
  lc_monetary: 'C',
  client_encoding: 'UTF8',
}

const reading = {
  // Nobody's function or operator stands in for the server's own.
  search_path: 'pg_catalog, pg_temp',
  // A policy that hides rows is an error, not fewer rows.
  row_security: 'off',
  // One read order, from the first page on: a second scan would else join another one half-way.
  synchronize_seqscans: 'off',
  max_parallel_workers_per_gather: '0',
}

/**
 * Begins the transaction that everything of a delivery is read in: one snapshot, read only. All settings are local to it,
 * because behind a pooler in transaction mode the next transaction may be somebody else's.
 */
export async function beginSnapshot(client: DatabaseClient, statementTimeoutMs: number): Promise<void> {
  const settings = Object.entries({ statement_timeout: String(statementTimeoutMs), ...printing, ...reading })
  await client.begin(
    [
      'begin isolation level repeatable read read only',
      ...settings.map(([name, value]) => `set local ${name} = '${value}'`),
    ].join('; '),
  )
}

/** What a table holds in the snapshot. */
export interface TableContent {
  readonly rows: number
  /** Equal contents have equal versions, whatever the order of the rows. */
  readonly version: string
}

/** Counts the rows and sums a hash of each, in one scan. */
export async function readContent(client: DatabaseClient, table: SourceTable): Promise<TableContent> {
  // `r.*` is the row even where a column is called r.
  const [content] = await client.query(
    `select count(*)::text as rows, coalesce(sum(hashtextextended((r.*)::text, 0)), 0)::text as sum from ${table.name} as r`,
  )
  const rows = content?.['rows'] ?? ''
  return { rows: Number(rows), version: `pg:${rows}:${content?.['sum'] ?? ''}:${table.shape}` }
}

/** The COPY that reads a table: every column as text, header first, NULL bare and the empty text quoted. */
export function copySql({ name, columns }: SourceTable): string {
  const list = columns.map((column) => `r.${quoteIdentifier(column)}::text as ${quoteIdentifier(column)}`)
  return `copy (select ${list.join(', ')} from ${name} as r) to stdout (format csv, header true, encoding 'UTF8')`
}
