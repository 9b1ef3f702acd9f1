import { createHash } from 'node:crypto'
import type { CastValue } from './cast.ts'

/** Stands for null in a row text (U+001E, record separator). */
export const nullText = '\u001e'
/** Stands between the values of a row text (U+001F, unit separator). */
export const separatorText = '\u001f'

/**
 * The canonical text of a landed row: its values in the order of the contract, then `_extra` where the parts carry
 * it, then `_source_row`. A string stands as it is, an integer in decimal, a date as days and a timestamp as
 * microseconds since 1970-01-01. docs/fingerprint.md gives the same text in DuckDB and in Snowflake.
 */
export function rowText(values: readonly (CastValue | null)[], sourceRow: number): string {
  return [...values.map((value) => (value === null ? nullText : String(value))), String(sourceRow)].join(separatorText)
}

/**
 * The part of a row in the fingerprint: the lower 64 bits of md5 over the UTF-8 bytes of the row text, as an
 * unsigned big-endian number (Snowflake's MD5_NUMBER_LOWER64). The fingerprint is the exact sum over all rows.
 */
export function rowFingerprint(text: string): bigint {
  return createHash('md5').update(text, 'utf8').digest().readBigUInt64BE(8)
}
