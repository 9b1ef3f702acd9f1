import { type Cursor, refuse, refuseByte, skipPunctuation, skipSpace } from './cursor.ts'

// Deeper than any value a scalar column could mean; it keeps a hostile document off the call stack.
const maxDepth = 100
const hexDigits = /^[0-9a-fA-F]{4}$/
const escapes = new Set(Buffer.from('"\\/bfnrtu'))

/**
 * Moves over one JSON value, strictly by RFC 8259, and leaves it unread: what counts is the span it takes. Bytes that
 * are not UTF-8 and raw NUL characters inside a string pass, because they spoil one row and not the document.
 */
export function skipValue(cursor: Cursor, depth = 0): void {
  const byte = skipSpace(cursor)
  if (byte === 0x22) skipString(cursor)
  else if (byte === 0x7b || byte === 0x5b) skipNested(cursor, depth)
  else if (byte === 0x74) skipWord(cursor, 'true')
  else if (byte === 0x66) skipWord(cursor, 'false')
  else if (byte === 0x6e) skipWord(cursor, 'null')
  else if (byte === 0x2d || isDigit(byte)) skipNumber(cursor)
  else refuseByte(cursor, 'a JSON value is due')
}

/** Moves over one JSON string with its quotes. */
export function skipString(cursor: Cursor): void {
  const { bytes } = cursor
  if (bytes[cursor.offset] !== 0x22) refuseByte(cursor, 'a JSON string is due')
  let offset = cursor.offset + 1
  for (;;) {
    const byte = bytes[offset]
    if (byte === 0x22) break
    if (byte === 0x5c) {
      cursor.offset = offset
      offset += skipEscape(cursor)
    } else if (byte === undefined || (byte < 0x20 && byte !== 0)) {
      cursor.offset = offset
      refuseByte(cursor, 'a string must go on or end')
    } else {
      offset += 1
    }
  }
  cursor.offset = offset + 1
}

/** Length of the escape sequence at the cursor. */
function skipEscape(cursor: Cursor): number {
  const { bytes, offset } = cursor
  const kind = bytes[offset + 1]
  if (kind === undefined || !escapes.has(kind)) {
    cursor.offset = Math.min(offset + 1, bytes.length)
    refuseByte(cursor, 'an escape sequence is due')
  }
  if (kind !== 0x75) return 2
  if (hexDigits.test(bytes.toString('latin1', offset + 2, offset + 6))) return 6
  cursor.offset = offset + 6 > bytes.length ? bytes.length : offset + 2
  refuseByte(cursor, 'four hexadecimal digits are due')
}

function skipNested(cursor: Cursor, depth: number): void {
  if (depth >= maxDepth) refuse(cursor, 'json_depth', `a value is nested more than ${maxDepth} levels deep`)
  const isObject = cursor.bytes[cursor.offset] === 0x7b
  const close = isObject ? 0x7d : 0x5d
  cursor.offset += 1
  if (skipSpace(cursor) === close) {
    cursor.offset += 1
    return
  }
  for (;;) {
    if (isObject) {
      skipSpace(cursor)
      skipString(cursor)
      skipPunctuation(cursor, ':')
    }
    skipValue(cursor, depth + 1)
    if (skipSpace(cursor) === close) break
    skipPunctuation(cursor, ',')
  }
  cursor.offset += 1
}

function skipWord(cursor: Cursor, word: string): void {
  for (let index = 0; index < word.length; index++, cursor.offset++) {
    if (cursor.bytes[cursor.offset] !== word.charCodeAt(index)) refuseByte(cursor, `"${word}" is due`)
  }
}

function skipNumber(cursor: Cursor): void {
  const { bytes } = cursor
  if (bytes[cursor.offset] === 0x2d) cursor.offset += 1
  if (bytes[cursor.offset] === 0x30) cursor.offset += 1
  else skipDigits(cursor)
  if (bytes[cursor.offset] === 0x2e) {
    cursor.offset += 1
    skipDigits(cursor)
  }
  const exponent = bytes[cursor.offset]
  if (exponent !== 0x65 && exponent !== 0x45) return
  cursor.offset += 1
  const sign = bytes[cursor.offset]
  if (sign === 0x2b || sign === 0x2d) cursor.offset += 1
  skipDigits(cursor)
}

function skipDigits(cursor: Cursor): void {
  if (!isDigit(cursor.bytes[cursor.offset])) refuseByte(cursor, 'a digit is due')
  while (isDigit(cursor.bytes[cursor.offset])) cursor.offset += 1
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39
}
