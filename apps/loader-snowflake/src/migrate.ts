import { type Dataset, loadLock, opsTables, rawTable, tableName } from '@coretelecoms/core'
import { createStageSql, type StageOptions } from './stage.ts'
import { findTableDrift, type TableChange } from './table-drift.ts'
import type { Warehouse } from './warehouse.ts'

/** The schemas of the platform; the models of dbt fill the last four. */
const schemas = ['RAW', 'OPS', 'STAGING', 'INTERMEDIATE', 'MARTS', 'SNAPSHOTS'] as const

/** What the warehouse is brought up to. */
export interface MigrateOptions {
  readonly warehouse: Warehouse
  readonly datasets: readonly Dataset[]
  readonly stage: StageOptions
  readonly isDryRun: boolean
  /** Told of each change of a table before it is made. */
  onChange(change: TableChange): void
}

/**
 * Makes what the loader and dbt need, where it is missing: schemas, tables, columns, the stage, a lock a dataset. May be
 * run at any time. Throws a ContractError when a column has another type than its contract.
 */
export async function migrate(options: MigrateOptions): Promise<void> {
  const { warehouse, datasets, isDryRun, onChange } = options
  const changes = await findTableDrift(warehouse, warehouseTables(datasets))
  for (const change of changes) onChange(change)
  if (isDryRun) return
  for (const schema of schemas) await warehouse.execute(`CREATE SCHEMA IF NOT EXISTS ${schema}`)
  for (const { sql } of changes) await warehouse.execute(sql)
  await warehouse.execute(createStageSql(options.stage))
  for (const { name } of datasets) {
    await warehouse.execute(
      `INSERT INTO ${tableName(loadLock)} (dataset) SELECT d.dataset FROM (SELECT ? AS dataset) AS d
WHERE NOT EXISTS (SELECT 1 FROM ${tableName(loadLock)} AS l WHERE l.dataset = d.dataset)`,
      [name],
    )
  }
}

/** Every table that the loader fills. */
export function warehouseTables(datasets: readonly Dataset[]): ReturnType<typeof rawTable>[] {
  return [...datasets.map(rawTable), ...opsTables]
}
