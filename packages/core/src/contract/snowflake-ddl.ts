import type { Dataset } from '../datasets/define-dataset.ts'
import { type FieldType, lineageFields } from '../parquet/part-schema.ts'
import { createTableSql, type WarehouseColumn, type WarehouseTable } from './warehouse-table.ts'

/** The type of the warehouse that each type of a part lands in; an instant stands there in UTC. */
export const snowflakeTypes: Readonly<Record<FieldType, string>> = {
  string: 'VARCHAR',
  uuid: 'VARCHAR',
  int32: 'NUMBER(10,0)',
  int64: 'NUMBER(19,0)',
  date: 'DATE',
  timestamp: 'TIMESTAMP_NTZ(6)',
  instant: 'TIMESTAMP_NTZ(6)',
}

const lineageDescriptions: Readonly<Record<string, string>> = {
  _loaded_at: 'When the run that landed this row began, in UTC.',
  _load_id: 'Attempt that landed this row; OPS.LOADED_PARTS names its publication.',
  _source_uri: 'Where the delivery was read from.',
  _source_row: 'Position of the row in the source, counted from 1.',
  _contract_version: 'Contract that the row was checked under.',
}

/**
 * The table of a dataset in RAW: the columns of its contract, `_extra`, then lineage. `_extra` is always there, since a
 * run may land unknown columns by a flag. Columns of the contract are nullable even where it requires a value: a column
 * may become required, or be added, after rows were loaded, so the rule is kept by the extractor and tested by dbt.
 */
export function rawTable(dataset: Dataset): WarehouseTable {
  const columns: WarehouseColumn[] = dataset.columns.map(({ name, type, description }) => ({
    name,
    type: snowflakeTypes[type],
    isNullable: true,
    description,
  }))
  const extra: WarehouseColumn = {
    name: '_extra',
    type: 'VARCHAR',
    isNullable: true,
    description: 'Columns that the contract does not know, as a JSON object; null where there were none.',
  }
  const lineage = lineageFields.map(({ name, type }) => ({
    name,
    type: snowflakeTypes[type],
    isNullable: false,
    description: lineageDescriptions[name] ?? '',
  }))
  return {
    schema: 'RAW',
    name: dataset.name,
    description: dataset.description,
    columns: [...columns, extra, ...lineage],
  }
}

/** The statement that makes the table of a dataset in RAW. */
export function rawTableSql(dataset: Dataset): string {
  return createTableSql(rawTable(dataset))
}
