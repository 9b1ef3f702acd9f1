/** One column of a table in the warehouse. */
export interface WarehouseColumn {
  readonly name: string
  /** Type as Snowflake spells it, for example `NUMBER(10,0)`. */
  readonly type: string
  readonly isNullable: boolean
  readonly description: string
}

/** A table that the loader makes and fills. */
export interface WarehouseTable {
  readonly schema: 'RAW' | 'OPS'
  readonly name: string
  readonly description: string
  readonly columns: readonly WarehouseColumn[]
}

/** `SCHEMA.NAME`, to be read in the database of the session. */
export function tableName(table: Pick<WarehouseTable, 'schema' | 'name'>): string {
  return `${table.schema}.${table.name.toUpperCase()}`
}

/** The statement that makes a table where there is none. */
export function createTableSql(table: WarehouseTable): string {
  const columns = table.columns.map((column) => `  ${columnSql(column)}`).join(',\n')
  return `CREATE TABLE IF NOT EXISTS ${tableName(table)} (\n${columns}\n) COMMENT = ${sqlText(table.description)}`
}

/**
 * The statement that adds a column to a table that stands. The column is nullable whatever the contract says: rows that
 * were loaded before it have no value for it.
 */
export function addColumnSql(table: WarehouseTable, column: WarehouseColumn): string {
  return `ALTER TABLE ${tableName(table)} ADD COLUMN ${column.name} ${column.type}`
}

/** A text as a literal of Snowflake: a backslash escapes there, besides the doubled quote. */
export function sqlText(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
}

function columnSql({ name, type, isNullable, description }: WarehouseColumn): string {
  return `${name} ${type}${isNullable ? '' : ' NOT NULL'} COMMENT ${sqlText(description)}`
}
