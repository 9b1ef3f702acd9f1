import { sqlText } from '@coretelecoms/core'

/** The stage on the raw bucket; keys of objects are paths in it. */
export const rawZoneStage = 'RAW.RAW_ZONE'

/** The most files that one COPY takes by name (Snowflake: COPY INTO, FILES). */
export const maxFilesPerCopy = 1000

// USE_LOGICAL_TYPE keeps timestamps exact to the microsecond and tells those without a zone from instants.
// NULL_IF is emptied because its default turns the text \N, which somebody may have typed, into a null.
const parquetFormat = 'TYPE = PARQUET USE_LOGICAL_TYPE = TRUE BINARY_AS_TEXT = FALSE NULL_IF = ()'

/**
 * The statements that copy objects of the raw zone into a table, at most 1,000 objects each. `FORCE`, because the ledger
 * and not Snowflake's own memory of files decides what is loaded.
 */
export function copyIntoSql(table: string, keys: readonly string[]): string[] {
  const statements: string[] = []
  for (let index = 0; index < keys.length; index += maxFilesPerCopy) {
    const files = keys.slice(index, index + maxFilesPerCopy).map(sqlText)
    statements.push(
      [
        `COPY INTO ${table} FROM @${rawZoneStage}`,
        `FILES = (${files.join(', ')})`,
        `FILE_FORMAT = (${parquetFormat})`,
        'MATCH_BY_COLUMN_NAME = CASE_INSENSITIVE',
        'ON_ERROR = ABORT_STATEMENT',
        'FORCE = TRUE',
      ].join('\n'),
    )
  }
  return statements
}
