import { ContractError, PermissionError } from '@coretelecoms/core'
import { createHash } from 'node:crypto'
import type { DatabaseClient } from './client.ts'
import { type FailedRead, missingSchema, missingTable } from './database-failure.ts'

/** A table as the snapshot shows it. */
export interface SourceTable {
  /** `"schema"."table"`, quoted for SQL. */
  readonly name: string
  /** Its columns, in their order. */
  readonly columns: readonly string[]
  /** Types and names of the columns as one hash: another one means another delivery though the rows be equal. */
  readonly shape: string
}

const relationSql = `
  select n.oid::text as schema_oid, c.oid::text as table_oid,
    has_schema_privilege(n.oid, 'usage')::text as may_enter, has_table_privilege(c.oid, 'select')::text as may_select
  from pg_namespace n
  left join pg_class c on c.relnamespace = n.oid and c.relname = $2 and c.relkind in ('r', 'p', 'v', 'm', 'f')
  where n.nspname = $1`

const columnsSql = `
  select attname::text as name, format_type(atttypid, atttypmod) as type
  from pg_attribute
  where attrelid = $1::oid and attnum > 0 and not attisdropped
  order by attnum`

/**
 * Finds a table in the catalogue, as the snapshot shows it. Throws a ConfigError when the schema is missing, a
 * NotDeliveredError when only the table is, and a PermissionError that names the privilege that lacks.
 */
export async function findTable(client: DatabaseClient, table: string, read: FailedRead): Promise<SourceTable> {
  const { schema, username } = read.access
  const [relation] = await client.query(relationSql, [schema, table])
  if (!relation) throw missingSchema(read)
  if (relation['may_enter'] !== 'true') {
    throw new PermissionError(
      'access_denied',
      `${read.name}: "${username}" may not use schema "${schema}"; have it granted: GRANT USAGE ON SCHEMA`,
    )
  }
  const { table_oid: oid } = relation
  if (oid === null || oid === undefined) throw missingTable(read)
  if (relation['may_select'] !== 'true') {
    throw new PermissionError(
      'access_denied',
      `${read.name}: "${username}" may not read ${read.relation}; have it granted: GRANT SELECT ON TABLE`,
    )
  }
  const columns = await client.query(columnsSql, [oid])
  if (columns.length === 0) throw new ContractError('no_header', `${read.name}: ${read.relation} has no column`)
  return {
    name: `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`,
    columns: columns.map(({ name }) => name ?? ''),
    shape: createHash('sha256').update(JSON.stringify(columns)).digest('hex').slice(0, 16),
  }
}

/** A name as SQL takes it literally, whatever it holds. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
