import { byte, isWhiteSpace } from './bytes.ts'

/** How a field was written: `plain`, `quoted`, or plain with a quote or a carriage return inside (`odd`). */
export type FieldKind = 'plain' | 'quoted' | 'odd'

/** Where the fields of a record lie. The lists are used again for each record; only the first `count` are its own. */
export interface RecordFields {
  count: number
  readonly starts: number[]
  /** Positions after the last byte; the quotes of a quoted field are inside. */
  readonly ends: number[]
  readonly kinds: FieldKind[]
}

/** The bytes end before the record does. */
export const incomplete = -1
/** A quote stands where RFC 4180 has none: text after a closing quote, or white space before an opening one. */
export const badQuote = -2

/** Makes an empty list of fields for `readRecord` to fill. */
export function createRecordFields(): RecordFields {
  return { count: 0, starts: [], ends: [], kinds: [] }
}

/**
 * Reads the record that starts at `start` and notes its fields. Strict RFC 4180, with LF or CRLF at the end of a
 * record, and one leniency that no reader can take for anything else: a quote inside a plain field is text.
 *
 * Returns the start of the record after it, `incomplete`, or `badQuote`.
 */
export function readRecord(bytes: Uint8Array, start: number, fields: RecordFields): number {
  fields.count = 0
  let position = start
  for (;;) {
    if (bytes[position] === byte.quote) {
      const end = closingQuote(bytes, position)
      if (end === incomplete) return incomplete
      note(fields, position, end + 1, 'quoted')
      position = end + 1
      const next = bytes[position]
      if (next === byte.comma) position++
      else if (next === byte.lineFeed) return position + 1
      else if (next !== byte.carriageReturn) return badQuote
      else if (position + 1 === bytes.length) return incomplete
      else return bytes[position + 1] === byte.lineFeed ? position + 2 : badQuote
    } else {
      const end = readPlainField(bytes, position, fields)
      if (end < 0) return end
      if (bytes[end] === byte.lineFeed) return end + 1
      position = end + 1
    }
  }
}

// The position of the quote that closes the field which opens at `open`.
function closingQuote(bytes: Uint8Array, open: number): number {
  for (let position = open + 1; ; position += 2) {
    position = bytes.indexOf(byte.quote, position)
    // A quote as the very last byte may be the first half of a doubled one.
    if (position === -1 || position + 1 === bytes.length) return incomplete
    if (bytes[position + 1] !== byte.quote) return position
  }
}

function readPlainField(bytes: Uint8Array, start: number, fields: RecordFields): number {
  let kind: FieldKind = 'plain'
  let isBlank = true
  for (let position = start; position < bytes.length; position++) {
    const value = bytes[position]
    if (value === byte.comma || value === byte.lineFeed) {
      const isCrlf = value === byte.lineFeed && position > start && bytes[position - 1] === byte.carriageReturn
      const end = isCrlf ? position - 1 : position
      if (kind === 'plain' && bytes[end - 1] === byte.carriageReturn && end > start) kind = 'odd'
      note(fields, start, end, kind)
      return position
    }
    if (value === byte.quote) {
      if (isBlank) return badQuote
      kind = 'odd'
    } else if (value === byte.carriageReturn) {
      if (bytes[position + 1] !== byte.lineFeed) kind = 'odd'
    } else if (isBlank && !isWhiteSpace(value)) isBlank = false
  }
  return incomplete
}

function note(fields: RecordFields, start: number, end: number, kind: FieldKind): void {
  fields.starts[fields.count] = start
  fields.ends[fields.count] = end
  fields.kinds[fields.count] = kind
  fields.count++
}

/** The text of field `index`, without its quotes and with doubled quotes made single; not trimmed. */
export function fieldText(bytes: Buffer, fields: RecordFields, index: number): string {
  const start = fields.starts[index] ?? 0
  const end = fields.ends[index] ?? start
  if (fields.kinds[index] !== 'quoted') return bytes.toString('utf8', start, end)
  return bytes.toString('utf8', start + 1, end - 1).replaceAll('""', '"')
}
