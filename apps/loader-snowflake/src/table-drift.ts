import {
  addColumnSql,
  ContractError,
  createTableSql,
  tableName,
  type WarehouseColumn,
  type WarehouseTable,
} from '@coretelecoms/core'
import { z } from 'zod'
import { queryRows, type Warehouse } from './warehouse.ts'

const columnRow = z.object({
  table_schema: z.string(),
  table_name: z.string(),
  column_name: z.string(),
  data_type: z.string(),
  numeric_precision: z.coerce.number().nullable(),
  numeric_scale: z.coerce.number().nullable(),
})

type ColumnRow = z.infer<typeof columnRow>

/** One statement that brings a table up to its contract, and what it does in words. */
export interface TableChange {
  readonly sql: string
  readonly text: string
}

/**
 * The statements that bring the tables of the warehouse up to the contracts; none when they are. Tables and columns are
 * only ever added. Throws a ContractError that lists every column whose type is another one.
 */
export async function findTableDrift(warehouse: Warehouse, tables: readonly WarehouseTable[]): Promise<TableChange[]> {
  const rows = await queryRows(warehouse, {
    sql: `SELECT table_schema, table_name, column_name, data_type, numeric_precision, numeric_scale
FROM INFORMATION_SCHEMA.COLUMNS WHERE table_schema IN ('RAW', 'OPS')`,
    row: columnRow,
  })
  const stored = Map.groupBy(rows, (row) => `${row.table_schema}.${row.table_name}`)
  const faults: string[] = []
  const changes = tables.flatMap((table): TableChange[] => {
    const name = tableName(table)
    const columns = stored.get(name)
    if (!columns) return [{ sql: createTableSql(table), text: `make table ${name}` }]
    const byName = new Map(columns.map((row) => [row.column_name.toLowerCase(), row]))
    return table.columns.flatMap((column) => {
      const row = byName.get(column.name)
      if (!row) return [{ sql: addColumnSql(table, column), text: `add column ${name}.${column.name}` }]
      const fault = typeFault(column, row)
      if (fault !== undefined) faults.push(`${name}.${column.name} ${fault}`)
      return []
    })
  })
  if (faults.length === 0) return changes
  throw new ContractError(
    'column_type',
    `the type of a column is never changed in place: ${faults.join('; ')}. Give the column a new name in the contract, or move its rows by hand`,
  )
}

// INFORMATION_SCHEMA calls every text TEXT, and gives no length of a TIMESTAMP that is worth comparing.
function typeFault(column: WarehouseColumn, row: ColumnRow): string | undefined {
  const name = row.data_type === 'TEXT' ? 'VARCHAR' : row.data_type
  const isNumber = name === 'NUMBER'
  const actual = isNumber ? `NUMBER(${row.numeric_precision ?? '?'},${row.numeric_scale ?? '?'})` : name
  const wanted = isNumber ? column.type : column.type.replace(/\(.*\)$/, '')
  return actual === wanted ? undefined : `is ${actual}, the contract wants ${wanted}`
}
