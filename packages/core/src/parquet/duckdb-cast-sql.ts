import { whiteSpaceCodes } from '../csv/bytes.ts'
import type { Column, ColumnType } from '../datasets/define-dataset.ts'
import { sqlText } from './duckdb-text.ts'

/** How the value of a column is made from the text of a field, in DuckDB's SQL. */
export interface CastSql {
  /** The typed value; null where the text is null or not accepted. */
  readonly value: string
  /** True where the text is null or accepted by the contract, never null itself. */
  readonly isAccepted: string
}

const uuidPattern = '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}'
const timestampPattern = '.{19}[.][0-9]{1,6}'

// try_cast takes far more than the contract does ('1e3', '0x1F', '2025-1-4', '+02'), so a value must print back as
// its text. The length leaves out what prints back all the same: infinity, BC, years over 9999.
const casts: Record<ColumnType, (text: string) => CastSql> = {
  string: (text) => ({ value: text, isAccepted: 'true' }),
  uuid: (text) => ({
    value: `lower(${text})`,
    isAccepted: `coalesce(regexp_full_match(${text}, '${uuidPattern}'), true)`,
  }),
  int32: (text) => castInteger(text, 'INTEGER'),
  int64: (text) => castInteger(text, 'BIGINT'),
  date: (text) => ({
    value: `try_cast(${text} AS DATE)`,
    isAccepted: `coalesce(${printsBack(text, 'DATE')} AND strlen(${text}) = 10, ${text} IS NULL)`,
  }),
  timestamp: (text) => ({
    value: `try_cast(${text} AS TIMESTAMP)`,
    isAccepted: `CASE WHEN ${text} IS NULL THEN true
      WHEN strlen(${text}) = 19 THEN coalesce(${printsBack(text, 'TIMESTAMP')}, false)
      ELSE regexp_full_match(${text}, '${timestampPattern}') AND strlen(${text}) BETWEEN 21 AND 26
        AND coalesce(${printsBack(`left(${text}, 19)`, 'TIMESTAMP')}, false) END`,
  }),
}

/**
 * The cast of a trimmed text to a type of the contract. Accepts and makes exactly what `castText` does; a property
 * test holds the two together.
 */
export function castSql(type: ColumnType, text: string): CastSql {
  return casts[type](text)
}

/**
 * A field's text trimmed of ASCII white space, null where that leaves nothing. `codes` are the white space characters
 * that occur in the file. To ask for the last character is cheap and to trim is not, so it is done only where it
 * changes something.
 */
export function trimmedSql(field: string, codes = whiteSpaceCodes): string {
  const characters = whiteSpaceCodes.map((code) => `chr(${code})`).join(' || ')
  // Every text that starts with white space sorts before '!'.
  const ends = [`${field} < '!'`, ...codes.map((code) => `suffix(${field}, chr(${code}))`)].join(' OR ')
  return `CASE WHEN ${ends} THEN nullif(trim(${field}, ${characters}), '') ELSE ${field} END`
}

/** A trimmed text, null where it is one of the null tokens. */
export function withoutNullTokensSql(text: string, nullTokens: readonly string[]): string {
  if (nullTokens.length === 0) return text
  return `CASE WHEN ${text} IN (${nullTokens.map(sqlText).join(', ')}) THEN NULL ELSE ${text} END`
}

/** What a row must hold for a column to be good, as SQL over the column's trimmed text. */
export function isGoodSql(column: Column, text: string): string {
  const { isAccepted } = castSql(column.type, text)
  return column.required ? `(${text} IS NOT NULL AND ${isAccepted})` : `(${isAccepted})`
}

function castInteger(text: string, type: 'INTEGER' | 'BIGINT'): CastSql {
  return { value: `try_cast(${text} AS ${type})`, isAccepted: `coalesce(${printsBack(text, type)}, ${text} IS NULL)` }
}

function printsBack(text: string, type: string): string {
  return `try_cast(${text} AS ${type})::VARCHAR = ${text}`
}
