import { DuckDBInstance, type DuckDBValue } from '@duckdb/node-api'
import { join } from 'node:path'

/** A row of a result, by the names of its columns; numbers of any width come as numbers. */
export type Row = Readonly<Record<string, string | number | boolean | null>>

/** Asks the warehouse file of a sandbox, opened read-only by a DuckDB that has nothing to do with the emulator. */
export async function queryWarehouse(sandboxDirectory: string, sql: string): Promise<Row[]> {
  const file = join(sandboxDirectory, 'data', 'snowflake', 'CORETELECOMS.duckdb')
  const instance = await DuckDBInstance.create(file, { access_mode: 'READ_ONLY' })
  try {
    const connection = await instance.connect()
    const rows = (await connection.runAndReadAll(sql)).getRowObjects()
    connection.closeSync()
    return rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)])))
  } finally {
    instance.closeSync()
  }
}

/** `{ <first column>: <second column> }` of a query with two columns. */
export async function queryPairs(sandboxDirectory: string, sql: string): Promise<Record<string, number>> {
  const rows = await queryWarehouse(sandboxDirectory, sql)
  return Object.fromEntries(
    rows.map((row) => {
      const [name, value] = Object.values(row)
      return [String(name ?? ''), Number(value)]
    }),
  )
}

function plain(value: DuckDBValue): string | number | boolean | null {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number')
    return value
  const text = String(value)
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text
}
