import { byte, isWhiteSpace } from './bytes.ts'
import { badQuote, createRecordFields, incomplete, readRecord } from './record-parser.ts'

/** Where a record of bad quotes ends cannot be told. */
export const inDoubt = -3

/** Two readings of a damaged record must end within this many bytes of its start to count. */
const damageWindowBytes = 64 * 1024

/** A buffer and what the records in it should look like. */
export interface RecordBuffer {
  readonly bytes: Buffer
  /** Fields that the header has. */
  readonly width: number
  /** Nothing follows the buffer. */
  readonly isLast: boolean
}

interface Reading {
  end: number
  width: number
}

const following = createRecordFields()

/**
 * Finds where a record with a bad quote ends. Two lenient readings are tried: each quote toggles between text and
 * quoted text (`"12 "Main" St"`), and only a quote before a separator closes a field (`"5" pipe"`). A reading that
 * swallows a line that could be a record of its own is out. Of the others, those count that something like a record
 * follows, or nothing; of these, those with the header's number of fields. Where they do not agree, the end is in doubt.
 *
 * Returns the position after the record, `incomplete` when more bytes are needed to say, or `inDoubt`.
 */
export function findDamageEnd(buffer: RecordBuffer, start: number): number {
  const limit = Math.min(buffer.bytes.length, start + damageWindowBytes)
  const readings: Reading[] = []
  for (const read of [readToggling, readToCloser]) {
    const reading = read(buffer.bytes, start, limit)
    // Two lines of the right number of fields need no second opinion, and the second may read far.
    if (reading && hasWidth(reading) && isOneLine(buffer.bytes, start, reading.end) && isLineFollowing(reading)) {
      return reading.end
    }
    if (reading) readings.push(reading)
  }
  // Twice the window: what follows a reading is looked at as well, and the answer must not hang on where a buffer ends.
  if (buffer.bytes.length < start + 2 * damageWindowBytes && !buffer.isLast) return incomplete
  if (limit === buffer.bytes.length && readings.length < 2) readings.push({ end: limit, width: 0 })
  const possible = readings.filter(({ end }) => !swallowsRecord(buffer, start, end))
  const followed = possible.filter(isFollowed)
  const likely = followed.length > 0 ? followed : possible.filter(hasWidth)
  const wide = likely.filter(hasWidth)
  const [end, ...others] = new Set((wide.length > 0 ? wide : likely).map((reading) => reading.end))
  return end !== undefined && others.length === 0 ? end : inDoubt

  function hasWidth({ width }: Reading): boolean {
    return width === buffer.width
  }
  function isFollowed({ end }: Reading): boolean {
    return end === buffer.bytes.length || couldBeRecord(buffer, end)
  }
  function isLineFollowing({ end }: Reading): boolean {
    return buffer.bytes.includes(byte.lineFeed, end) && lineWidth(buffer.bytes, end) === buffer.width
  }
}

/**
 * Whether the whole record from `start` to `end` has a sound record of its own between its quotes, so that one of them
 * may have been left open. The line in which a quote closes is none: as a record it would have a stray quote itself.
 */
export function holdsSoundRecord({ bytes, width }: RecordBuffer, start: number, end: number): boolean {
  const own = bytes.subarray(0, end)
  for (let line = nextLine(own, start); line < end; line = nextLine(own, line)) {
    const next = readRecord(own, line, following)
    if (next === incomplete || next === badQuote || following.count !== width) continue
    if (!following.kinds.slice(0, width).includes('odd')) return true
  }
  return false
}

// Whether a line break inside the damaged record from `start` to `end` is followed by what could be a record of its own.
function swallowsRecord(buffer: RecordBuffer, start: number, end: number): boolean {
  for (let line = nextLine(buffer.bytes, start); line < end; line = nextLine(buffer.bytes, line)) {
    if (couldBeRecord(buffer, line)) return true
  }
  return false
}

function couldBeRecord(buffer: RecordBuffer, line: number): boolean {
  return lineWidth(buffer.bytes, line) === buffer.width || isWholeRecord(buffer, line)
}

// Fields of a line when quotes mean nothing.
function lineWidth(bytes: Buffer, line: number): number {
  let width = 1
  const end = nextLine(bytes, line)
  for (let position = line; position < end; position++) if (bytes[position] === byte.comma) width++
  return width
}

function isWholeRecord({ bytes, width }: RecordBuffer, start: number): boolean {
  const next = readRecord(bytes.subarray(0, start + damageWindowBytes), start, following)
  return next !== incomplete && next !== badQuote && following.count === width
}

function isOneLine(bytes: Buffer, start: number, end: number): boolean {
  return nextLine(bytes, start) === end
}

function nextLine(bytes: Buffer, position: number): number {
  const lineFeed = bytes.indexOf(byte.lineFeed, position)
  return lineFeed === -1 ? bytes.length : lineFeed + 1
}

function readToggling(bytes: Buffer, start: number, limit: number): Reading | undefined {
  let isQuoted = false
  let width = 1
  for (let position = start; position < limit; position++) {
    const value = bytes[position]
    if (value === byte.quote) isQuoted = !isQuoted
    else if (isQuoted) continue
    else if (value === byte.comma) width++
    else if (value === byte.lineFeed) return { end: position + 1, width }
  }
  return undefined
}

function readToCloser(bytes: Buffer, start: number, limit: number): Reading | undefined {
  let width = 1
  let isFieldStart = true
  let isQuoted = false
  for (let position = start; position < limit; position++) {
    const value = bytes[position]
    if (isQuoted) {
      if (value === byte.quote && isSeparator(bytes, position + 1)) isQuoted = false
    } else if (value === byte.lineFeed) return { end: position + 1, width }
    else if (value === byte.comma) {
      width++
      isFieldStart = true
    } else if (isFieldStart && !isWhiteSpace(value)) {
      isFieldStart = false
      isQuoted = value === byte.quote
    }
  }
  return undefined
}

function isSeparator(bytes: Buffer, position: number): boolean {
  const value = bytes[position]
  if (value === byte.carriageReturn) return bytes[position + 1] === byte.lineFeed
  return value === byte.comma || value === byte.lineFeed
}
