import type { ColumnType } from '../datasets/define-dataset.ts'
import type { Field } from './part-schema.ts'
import { sqlName } from './duckdb-text.ts'

/** The fields of a part that a fingerprint covers: all but lineage, and `_source_row`. */
export interface FingerprintFields {
  /** Columns of the contract in order, then `_extra` where the parts carry it. */
  readonly values: readonly Field[]
}

/**
 * 64 bits of md5 over the row text of docs/fingerprint.md, as DuckDB gives them cheapest: the upper half of
 * md5_number, whose bytes are in reverse order. `sumFingerprintsSql` puts them right.
 */
export function rowHashSql({ values }: FingerprintFields): string {
  const texts = values.map((field) => `coalesce(${canonicalText(field)}, chr(30))`)
  return `(md5_number(concat_ws(chr(31), ${[...texts, '_source_row::VARCHAR'].join(', ')})) >> 64)::UBIGINT`
}

/** The fingerprint over a column of row hashes, as decimal text. */
export function sumFingerprintsSql(hash: string): string {
  const swaps = [
    `(${hash} >> 56)`,
    `((${hash} >> 40) & 65280)`,
    `((${hash} >> 24) & 16711680)`,
    `((${hash} >> 8) & 4278190080)`,
    `((${hash} & 4278190080) << 8)`,
    `((${hash} & 16711680) << 24)`,
    `((${hash} & 65280) << 40)`,
    `((${hash} & 255) << 56)`,
  ]
  return `coalesce(sum(${swaps.join(' | ')}), 0)::VARCHAR`
}

function canonicalText({ name, type }: Field): string {
  const value = sqlName(name)
  const texts: Record<ColumnType, string> = {
    string: value,
    uuid: value,
    int32: `${value}::VARCHAR`,
    int64: `${value}::VARCHAR`,
    date: `(${value} - DATE '1970-01-01')::VARCHAR`,
    timestamp: `epoch_us(${value})::VARCHAR`,
  }
  return type === 'instant' ? value : texts[type]
}
