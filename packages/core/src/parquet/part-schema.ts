import type { ColumnType, Dataset } from '../datasets/define-dataset.ts'

/** What a field of a part holds: a type of the contract, or an instant in UTC. */
export type FieldType = ColumnType | 'instant'

/** One field of a part or a quarantine part, by its canonical name. */
export interface Field {
  readonly name: string
  readonly type: FieldType
}

/** The fields that lineage adds to every landed row, in their order. */
export const lineageFields: readonly Field[] = [
  { name: '_loaded_at', type: 'instant' },
  { name: '_load_id', type: 'string' },
  { name: '_source_uri', type: 'string' },
  { name: '_source_row', type: 'int64' },
  { name: '_contract_version', type: 'string' },
]

/** The fields of a landed part, in their order: the contract's, `_extra` where columns may evolve, then lineage. */
export function partFields(dataset: Dataset, unknownColumns = dataset.unknownColumns): Field[] {
  const columns = dataset.columns.map(({ name, type }) => ({ name, type }))
  const extra: Field[] = unknownColumns === 'evolve' ? [{ name: '_extra', type: 'string' }] : []
  return [...columns, ...extra, ...lineageFields]
}

/** The fields of a quarantine part; `reasons` is a JSON list. */
export const quarantineFields: readonly Field[] = [
  { name: 'dataset', type: 'string' },
  { name: 'partition_date', type: 'date' },
  { name: 'load_id', type: 'string' },
  { name: 'source_uri', type: 'string' },
  { name: 'source_row', type: 'int64' },
  { name: 'reasons', type: 'string' },
  { name: 'original_text', type: 'string' },
  { name: 'quarantined_at', type: 'instant' },
]
