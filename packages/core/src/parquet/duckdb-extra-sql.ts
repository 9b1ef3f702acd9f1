import { sqlText } from './duckdb-text.ts'

/** A column the contract does not know. */
export interface ExtraColumn {
  /** Header as the source wrote it. */
  readonly header: string
  /** SQL of its trimmed text. */
  readonly text: string
}

/**
 * The unknown columns of a row as the text of a JSON object, equal to what `JSON.stringify` writes in the record way:
 * a key for each header whose text is not null. Null where the row has a value in none of them.
 */
export function extraSql(columns: readonly ExtraColumn[]): string {
  if (columns.length === 0) return 'NULL::VARCHAR'
  const members = inKeyOrder(columns).map(
    ({ header, text }) => `${sqlText(`${JSON.stringify(header)}:"`)} || ${escapedSql(text)} || '"'`,
  )
  return `'{' || nullif(concat_ws(',', ${members.join(', ')}), '') || '}'`
}

// An object lists keys that look like array indexes first, in ascending order.
function inKeyOrder(columns: readonly ExtraColumn[]): ExtraColumn[] {
  return Object.values(Object.fromEntries(columns.map((column) => [column.header, column])))
}

// to_json writes \u001B where JSON.stringify writes \u001b, so the few characters that JSON escapes are replaced here.
function escapedSql(text: string): string {
  const controls = Array.from({ length: 31 }, (_, index) => String.fromCharCode(index + 1))
  return ['\\', '"', ...controls].reduce((sql, character) => {
    const escaped = JSON.stringify(character).slice(1, -1)
    return `replace(${sql}, chr(${character.charCodeAt(0)}), ${sqlText(escaped)})`
  }, text)
}
