import type { HeaderMatch } from '../contract/header.ts'
import type { CsvDelivery, WriteOptions } from '../landing/delivery.ts'
import type { RowSql } from '../parquet/duckdb-row-sql.ts'

/** What every step of writing one delivery needs. */
export interface Delivering {
  readonly delivery: CsvDelivery
  readonly options: WriteOptions
  /** `call_logs 2025-11-20`, for messages. */
  readonly name: string
  readonly header: HeaderMatch
  readonly rowSql: RowSql
}
