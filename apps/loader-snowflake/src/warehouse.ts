import type { z } from 'zod'

/** A value that is bound to a `?` of a statement. */
export type Bind = string | number | boolean | null

/** A row by the lower-case names of its columns; numbers are decimal text, so that none is rounded. */
export type Row = Readonly<Record<string, unknown>>

/** What a statement is tagged with in the history of the warehouse. */
export type QueryTag = Readonly<Record<string, string>>

/**
 * One session in the warehouse; statements run one after the other. Every failure is a PlatformError. A statement that
 * runs when the process is told to stop is cancelled.
 */
export interface Warehouse {
  execute(sql: string, binds?: readonly Bind[]): Promise<Row[]>
  /** Runs `work` between BEGIN and COMMIT; rolls back and throws again when it throws. */
  transaction<Result>(work: () => Promise<Result>): Promise<Result>
  /** Tags every statement from here on. */
  setTag(tag: QueryTag): void
  close(): Promise<void>
}

/** A query whose rows are parsed. */
export interface QueryOptions<Schema extends z.ZodType> {
  readonly sql: string
  readonly binds?: readonly Bind[]
  readonly row: Schema
}

/** Runs a query and parses each of its rows; a row of another shape is a ZodError. */
export async function queryRows<Schema extends z.ZodType>(
  warehouse: Warehouse,
  { sql, binds = [], row }: QueryOptions<Schema>,
): Promise<z.infer<Schema>[]> {
  return (await warehouse.execute(sql, binds)).map((values) => row.parse(values))
}

/** Runs a query that answers with one row. */
export async function queryRow<Schema extends z.ZodType>(
  warehouse: Warehouse,
  options: QueryOptions<Schema>,
): Promise<z.infer<Schema>> {
  const [first, ...more] = await queryRows(warehouse, options)
  if (first === undefined || more.length > 0) throw new TypeError(`not one row: ${options.sql}`)
  return first
}

/** `(?, ?), (?, ?)`: placeholders for rows of that many values. */
export function placeholders(rows: number, columns: number): string {
  const row = `(${Array.from({ length: columns }, () => '?').join(', ')})`
  return Array.from({ length: rows }, () => row).join(', ')
}
