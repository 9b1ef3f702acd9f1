import type { Dataset } from '../datasets/define-dataset.ts'
import type { Connection } from './duckdb-engine.ts'
import { rowHashSql, sumFingerprintsSql } from './duckdb-fingerprint-sql.ts'
import { landedBytesSql } from './duckdb-row-sql.ts'
import { sqlName, sqlText } from './duckdb-text.ts'
import type { Field } from './part-schema.ts'

/** What a part holds, read from the file and not from what was meant to be written. */
export interface PartContent {
  readonly rows: number
  readonly fingerprint: bigint
  /** Bytes of the texts its values were made from. */
  readonly valueBytes: number
  /** Values outside the allowed list, by `allowed:<column>`. */
  readonly warnings: ReadonlyMap<string, number>
}

/** Which part is read. */
export interface ReadBackOptions {
  readonly file: string
  readonly dataset: Dataset
  /** Its fields without lineage. */
  readonly values: readonly Field[]
}

/** Name of the table that `readBack` leaves on a connection: `key_hash` of every row of the part. */
export function readBackTable(connection: Connection): string {
  return `read_back_${connection.index}`
}

/** Decodes every value of a part. */
export async function readBack(connection: Connection, options: ReadBackOptions): Promise<PartContent> {
  const { dataset, values } = options
  const limited = dataset.columns.filter(({ allowed }) => allowed.length > 0)
  const isOutside = limited.map(
    ({ name, allowed }, index) => `${sqlName(name)} NOT IN (${allowed.map(sqlText).join(', ')}) AS outside_${index}`,
  )
  const table = readBackTable(connection)
  const columns = [
    `hash(${sqlName(dataset.key)}) AS key_hash`,
    `${rowHashSql({ values })} AS row_hash`,
    `${landedBytesSql(values)} AS value_bytes`,
    ...isOutside,
  ]
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE ${table} AS SELECT ${columns.join(', ')} FROM read_parquet(${sqlText(options.file)})`,
  )
  const counts = limited.map((_, index) => `count(*) FILTER (outside_${index})`)
  const figures = ['count(*)', sumFingerprintsSql('row_hash'), 'coalesce(sum(value_bytes), 0)', ...counts]
  const [row = []] = await connection.rows(`SELECT ${figures.join(', ')} FROM ${table}`)
  return {
    rows: Number(row[0]),
    fingerprint: BigInt(String(row[1])),
    valueBytes: Number(row[2]),
    warnings: new Map(limited.map(({ name }, index) => [`allowed:${name}`, Number(row[3 + index])])),
  }
}
