import type { WarehouseColumn, WarehouseTable } from './warehouse-table.ts'

type ColumnRow = readonly [name: string, type: string, description: string]

const partitionColumns: readonly ColumnRow[] = [
  ['dataset', 'VARCHAR', 'Dataset, as its contract names it.'],
  ['partition_date', 'DATE', 'Logical date of the partition.'],
]

/** What the loader holds of every publication that it has loaded, current or superseded. */
export const loadLedger = opsTable('load_ledger', 'One row a publication that was loaded.', [
  ...partitionColumns,
  ['load_id', 'VARCHAR', 'Load that published the manifest.'],
  ['manifest_key', 'VARCHAR', 'Key of the manifest in the raw bucket.'],
  ['manifest_sha256', 'VARCHAR', 'sha256 over the manifest as it was published.'],
  ['run_id', 'VARCHAR', 'Run of the extractor that published the manifest.'],
  ['contract_version', 'VARCHAR', 'Contract that the delivery was checked under.'],
  ['source_uri', 'VARCHAR', 'Where the delivery was read from.'],
  ['source_version', 'VARCHAR', 'State of the source: an ETag or a hash.'],
  ['source_rows', 'NUMBER(19,0)', 'Rows that the source held.'],
  ['landed_rows', 'NUMBER(19,0)', 'Rows that landed in the raw zone.'],
  ['quarantined_rows', 'NUMBER(19,0)', 'Rows that were set aside.'],
  ['loaded_rows', 'NUMBER(19,0)', 'Rows counted in RAW before the load was committed.'],
  ['fingerprint', 'NUMBER(38,0)', 'Exact sum over the loaded rows, equal to that of the manifest.'],
  ['is_current', 'BOOLEAN', 'Whether RAW holds this publication of the partition.'],
  ['loaded_at', 'TIMESTAMP_NTZ(6)', 'When the load was made, in UTC.'],
])

/** Which rows of RAW belong to which publication: only those that are current. */
export const loadedParts = opsTable('loaded_parts', 'One row a part of the current publications.', [
  ...partitionColumns,
  ['load_id', 'VARCHAR', 'Load that published the manifest.'],
  ['part_key', 'VARCHAR', 'Key of the part in the raw bucket.'],
  ['part_load_id', 'VARCHAR', '_load_id that the rows of the part carry.'],
  ['rows', 'NUMBER(19,0)', 'Rows of the part.'],
])

/** The rows that the current publications set aside. */
export const quarantinedRows = opsTable('quarantined_rows', 'One row a row that breaks its contract.', [
  ...partitionColumns,
  ['load_id', 'VARCHAR', 'Attempt that set the row aside.'],
  ['source_uri', 'VARCHAR', 'Where the delivery was read from.'],
  ['source_row', 'NUMBER(19,0)', 'Position of the row in the source, counted from 1.'],
  ['reasons', 'VARCHAR', 'JSON list of what the row breaks.'],
  ['original_text', 'VARCHAR', 'The row as the source wrote it: personal data.'],
  ['quarantined_at', 'TIMESTAMP_NTZ(6)', 'When the run that set it aside began, in UTC.'],
])

/** What runs did, so that a refused delivery is seen in the warehouse too. A day that is not there yet is no row. */
export const runLog = opsTable('run_log', 'One row a delivery that was published, loaded or refused.', [
  ['run_id', 'VARCHAR', 'Run of the app.'],
  ['app', 'VARCHAR', 'App that ran.'],
  ['command', 'VARCHAR', 'Command of the app.'],
  ...partitionColumns,
  ['status', 'VARCHAR', 'published, loaded or failed.'],
  ['error_code', 'VARCHAR', 'Stable name of the failure.'],
  ['message', 'VARCHAR', 'What failed and what to do next.'],
  ['recorded_at', 'TIMESTAMP_NTZ(6)', 'When the loader wrote this row, in UTC.'],
])

/** The key that dbt hashes personal data with; only the role that transforms may read it. */
export const pseudonymKey = opsTable('pseudonym_key', 'One row: the key of the keyed hashes in the marts.', [
  ['pseudonym_key', 'VARCHAR', 'The key: a secret.'],
])

/**
 * The row that two loaders of one dataset contend for. A delete that meets no row takes no lock in Snowflake, so the
 * first load of a partition needs something else to lock.
 */
export const loadLock = opsTable('load_lock', 'One row a dataset, updated first in every load to keep loads apart.', [
  ['dataset', 'VARCHAR', 'Dataset, as its contract names it.'],
  ['run_id', 'VARCHAR', 'Run of the loader that held the lock last.'],
])

/** The tables of OPS, in the order in which people list them. */
export const opsTables: readonly WarehouseTable[] = [
  loadLedger,
  loadedParts,
  quarantinedRows,
  runLog,
  pseudonymKey,
  loadLock,
]

function opsTable(name: string, description: string, rows: readonly ColumnRow[]): WarehouseTable {
  const columns: WarehouseColumn[] = rows.map(([column, type, text]) => ({
    name: column,
    type,
    isNullable: true,
    description: text,
  }))
  return { schema: 'OPS', name, description, columns }
}
