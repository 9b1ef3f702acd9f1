import type { ColumnType, Dataset } from '../datasets/define-dataset.ts'

/** What a fingerprint is computed over. */
export interface FingerprintSqlOptions {
  readonly dataset: Dataset
  /** Whether the parts carry `_extra`, whose value then stands before `_source_row`. */
  readonly hasExtra: boolean
}

// chr(30) and chr(31) are `nullText` and `separatorText`.
const nullSql = 'CHR(30)'
const separatorSql = ' || CHR(31) || '

const textSql: Readonly<Record<ColumnType, (column: string) => string>> = {
  string: (column) => column,
  uuid: (column) => column,
  int32: (column) => `${column}::VARCHAR`,
  int64: (column) => `${column}::VARCHAR`,
  date: (column) => `DATEDIFF(day, '1970-01-01'::DATE, ${column})::VARCHAR`,
  timestamp: (column) => `DATEDIFF(microsecond, '1970-01-01'::TIMESTAMP_NTZ, ${column})::VARCHAR`,
}

/** The text of a row of RAW in Snowflake's SQL, equal to `rowText` for every value. */
export function snowflakeRowTextSql({ dataset, hasExtra }: FingerprintSqlOptions): string {
  const values = dataset.columns.map(({ name, type }) => nullableSql(textSql[type](name)))
  const extra = hasExtra ? [nullableSql(textSql.string('_extra'))] : []
  return [...values, ...extra, textSql.int64('_source_row')].join(separatorSql)
}

/**
 * The fingerprint of rows of RAW in Snowflake's SQL, as text since it outgrows a double: equal to the sum of
 * `rowFingerprint`, `'0'` over no rows. The cast stands inside the sum so that each summand is exact.
 */
export function snowflakeFingerprintSql(options: FingerprintSqlOptions): string {
  return `COALESCE(SUM(MD5_NUMBER_LOWER64(${snowflakeRowTextSql(options)})::NUMBER(38,0)), 0)::VARCHAR`
}

function nullableSql(text: string): string {
  return `COALESCE(${text}, ${nullSql})`
}
