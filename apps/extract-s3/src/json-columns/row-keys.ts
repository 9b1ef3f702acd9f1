import { createSpanList, type SpanList } from './span-list.ts'
import { decodeString, type Span } from './string-bytes.ts'

/** The row keys of a document in the order in which they first stand in it. */
export interface RowKeys {
  readonly spans: SpanList
  /**
   * Row (from 0) of a key; undefined when no row has it yet. `expected` is the row that is most likely meant: the
   * next one, since writers repeat the same keys in each column.
   */
  find(key: Span, expected: number): number | undefined
  /** Adds a key that is not there yet and returns its row. */
  add(key: Span): number
}

/**
 * Makes an empty list of row keys. As long as they are ascending whole numbers, as pandas writes them, nothing but their
 * spans is held; from the first other key on, a map of all of them is.
 */
export function createRowKeys(bytes: Buffer): RowKeys {
  const spans = createSpanList()
  let largest = -1
  let rows: Map<string, number> | undefined

  // latin1 keeps every byte apart, also of keys that are not UTF-8; a map, since `__proto__` may be a key.
  const textOf = (key: Span): string => decodeString(bytes, key).toString('latin1')

  function mapRows(): Map<string, number> {
    if (rows) return rows
    rows = new Map()
    for (let row = 0; row < spans.length; row++) rows.set(textOf(spans.get(row) as Span), row)
    return rows
  }

  return {
    spans,
    find(key, expected) {
      const candidate = spans.get(expected)
      if (candidate && isSame(bytes, candidate, key)) return expected
      if (!rows && ascendingNumber(bytes, key) > largest) return undefined
      return mapRows().get(textOf(key))
    },
    add(key) {
      const row = spans.length
      const number = ascendingNumber(bytes, key)
      if (number > largest) largest = number
      else mapRows()
      spans.set(row, key.start, key.end)
      rows?.set(textOf(key), row)
      return row
    },
  }
}

function isSame(bytes: Buffer, a: Span, b: Span): boolean {
  const length = a.end - a.start
  if (b.end - b.start !== length) return false
  for (let index = 0; index < length; index++) if (bytes[a.start + index] !== bytes[b.start + index]) return false
  return true
}

/** The number a key writes in its only spelling, or -1: `"7"` is one, `"07"` and `"\u0037"` are not. */
function ascendingNumber(bytes: Buffer, { start, end }: Span): number {
  const digits = end - start - 2
  if (digits < 1 || digits > 15 || (digits > 1 && bytes[start + 1] === 0x30)) return -1
  let number = 0
  for (let offset = start + 1; offset < end - 1; offset++) {
    const digit = (bytes[offset] ?? 0) - 0x30
    if (digit < 0 || digit > 9) return -1
    number = number * 10 + digit
  }
  return number
}
