import { isUtf8 } from 'node:buffer'
import { byte } from './bytes.ts'

/** What the fast scan saw in the whole records at the front of a buffer. */
export interface Scan {
  readonly rows: number
  /** Position after the last whole record. */
  readonly end: number
  readonly quotedFields: number
  readonly doubledQuotes: number
  /** Every record ends with CRLF. */
  readonly usesCrlf: boolean
  /**
   * Every quote opens at the start of a field and closes before a separator, line ends are of one kind, there is no
   * blank line, and the text is UTF-8 without NUL. When false, the other figures mean nothing.
   */
  readonly isPlain: boolean
}

/**
 * Counts the whole records of a buffer that starts at a record, jumping from quote to quote. It shares nothing with
 * the parser that lands them: its count is the one that everything is held against.
 */
export function scanRecords(bytes: Buffer): Scan {
  const shape = scanShape(bytes)
  if (shape === undefined) return notPlain
  const records = bytes.subarray(0, shape.end)
  const isPlain =
    (shape.crlfEnds === shape.rows ? shape.rows > 0 : shape.crlfEnds === 0) &&
    // A carriage return inside a file of LF records is text: DuckDB would take it for a line end.
    (shape.crlfEnds > 0 || !records.includes(byte.carriageReturn)) &&
    !records.includes(0) &&
    isUtf8(records)
  return { ...shape, usesCrlf: shape.crlfEnds > 0, isPlain: isPlain || shape.rows === 0 }
}

const notPlain: Scan = { rows: 0, end: 0, quotedFields: 0, doubledQuotes: 0, usesCrlf: false, isPlain: false }

interface Shape {
  rows: number
  end: number
  quotedFields: number
  doubledQuotes: number
  crlfEnds: number
}

// One loop with local numbers: it runs over every byte of a delivery, between the network and two busy cores.
function scanShape(bytes: Buffer): Shape | undefined {
  const whole: Shape = { rows: 0, end: 0, quotedFields: 0, doubledQuotes: 0, crlfEnds: 0 }
  let quoted = 0
  let doubled = 0
  let quote = bytes.indexOf(byte.quote)
  let lineFeed = bytes.indexOf(byte.lineFeed)
  for (;;) {
    while (lineFeed !== -1 && (quote === -1 || lineFeed < quote)) {
      const isCrlf = lineFeed > whole.end && bytes[lineFeed - 1] === byte.carriageReturn
      if (lineFeed - (isCrlf ? 1 : 0) === whole.end) return undefined
      if (isCrlf) whole.crlfEnds++
      whole.rows++
      whole.end = lineFeed + 1
      whole.quotedFields = quoted
      whole.doubledQuotes = doubled
      lineFeed = bytes.indexOf(byte.lineFeed, whole.end)
    }
    if (quote === -1) return whole
    if (quote !== whole.end && bytes[quote - 1] !== byte.comma) return undefined
    quoted++
    let close = quote
    for (;;) {
      close = bytes.indexOf(byte.quote, close + 1)
      if (close === -1 || close + 1 === bytes.length) return whole
      if (bytes[close + 1] !== byte.quote) break
      doubled++
      close++
    }
    const next = bytes[close + 1]
    if (next !== byte.lineFeed && next !== byte.comma) {
      if (next !== byte.carriageReturn) return undefined
      if (close + 2 === bytes.length) return whole
      if (bytes[close + 2] !== byte.lineFeed) return undefined
    }
    quote = bytes.indexOf(byte.quote, close + 2)
    lineFeed = bytes.indexOf(byte.lineFeed, close + 1)
  }
}
