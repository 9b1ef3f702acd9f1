import { isUtf8 } from 'node:buffer'
import { foldHeader, maxHeaders, quoteHeader } from '@coretelecoms/core'
import { type Cursor, refuse, refuseByte, skipPunctuation, skipSpace } from './cursor.ts'
import { createRowKeys } from './row-keys.ts'
import { createSpanList, type SpanList } from './span-list.ts'
import { decodeString, type Span } from './string-bytes.ts'
import { skipString, skipValue } from './value.ts'

/** A column-oriented document: where each row's values lie in its bytes. */
export interface ColumnDocument {
  readonly bytes: Buffer
  readonly columns: readonly DocumentColumn[]
  /** Row keys with their quotes, in the order in which they first stand in the document. */
  readonly rowKeys: SpanList
}

/** One column: its header, and the raw JSON of its value in each row. */
export interface DocumentColumn {
  readonly header: string
  readonly values: SpanList
}

/** What a document is read with. */
export interface ReadDocumentOptions {
  readonly bytes: Buffer
  /** Named in errors. */
  readonly name: string
  /** Headers that the contract knows, folded: they tell columns from rows. */
  readonly knownHeaders: ReadonlySet<string>
}

// Single rows may be damaged; beyond this a writer has failed, and which values belong together is in doubt.
const maxUnevenRows = 10
const maxUnevenRatio = 0.01

// A column costs 8 KiB before its first value, a row key that is no number a string: ten bytes of a hostile document must
// not cost thousands. No document of the contract comes near either.
const maxRows = 5_000_000
const namedColumns = 20
const maxNameBytes = 65_536

/**
 * Reads `{ "column": { "row key": value, … }, … }` (pandas `orient="columns"`) and nothing else. Values are not read,
 * only found, so that memory stays at the document plus eight bytes a value.
 *
 * Throws a ContractError that names what was seen for any other shape, for JSON that is truncated or wrong, for a row
 * key that repeats within a column, and when the row keys of the columns differ in more than 10 rows and 1 % of them.
 */
export function readDocument(options: ReadDocumentOptions): ColumnDocument {
  const { bytes, knownHeaders } = options
  const cursor: Cursor = { bytes, name: options.name, offset: 0 }
  const rowKeys = createRowKeys(bytes)
  const columns: DocumentColumn[] = []
  openDocument(cursor)
  if (skipSpace(cursor) === 0x7d)
    refuse(cursor, 'empty_document', 'the JSON document is an empty object, it has no column')
  do {
    if (columns.length === maxHeaders) {
      refuse(cursor, 'too_many_headers', `the document has more than ${maxHeaders} columns`)
    }
    const column = openColumn(cursor, knownHeaders)
    readEntries(cursor, {
      column,
      rowKeys,
      seenHeader: knownHeaders.has(foldHeader(column.header)) ? undefined : knownHeaders,
    })
    columns.push(column)
  } while (hasAnother(cursor))
  closeDocument(cursor)
  const document = { bytes, columns, rowKeys: rowKeys.spans }
  refuseUneven(cursor, document)
  return document
}

function openDocument(cursor: Cursor): void {
  const byte = skipSpace(cursor)
  if (byte === undefined) refuse(cursor, 'empty_document', 'the object holds nothing at all')
  if (byte === 0x5b) {
    refuse(cursor, 'json_shape', 'the document is an array of records, where one object per column is due')
  }
  if (byte !== 0x7b) refuseByte(cursor, 'an object of columns is due')
  cursor.offset += 1
}

function openColumn(cursor: Cursor, knownHeaders: ReadonlySet<string>): DocumentColumn {
  skipSpace(cursor)
  const start = cursor.offset
  skipName(cursor)
  const headerBytes = decodeString(cursor.bytes, { start, end: cursor.offset })
  if (!isUtf8(headerBytes)) refuse(cursor, 'invalid_header', 'the name of a column is not valid Unicode')
  const header = headerBytes.toString('utf8')
  skipPunctuation(cursor, ':')
  const byte = skipSpace(cursor)
  if (byte === 0x7b) {
    cursor.offset += 1
    return { header, values: createSpanList() }
  }
  if (byte === 0x5b) {
    refuse(cursor, 'json_shape', 'a column is an array, where an object of row keys and values is due')
  }
  skipValue(cursor)
  const seen = isFollowedByRecord(cursor) ? 'one record a line (NDJSON)' : 'a single record'
  const known = knownHeaders.has(foldHeader(header)) ? 'of the contract' : 'the contract does not know'
  refuse(
    cursor,
    'json_shape',
    `the document is ${seen}: a key ${known} holds a value, where one object per column is due`,
  )
}

/** Whether a line that opens another object comes later. */
function isFollowedByRecord({ bytes, offset }: Cursor): boolean {
  const close = bytes.indexOf('}', offset)
  return close !== -1 && /^\s*\{/.test(bytes.toString('latin1', close + 1, close + 64))
}

interface EntryOptions {
  column: DocumentColumn
  rowKeys: ReturnType<typeof createRowKeys>
  /** Headers that must not stand as row keys: set where the column itself has none of them as its header. */
  seenHeader: ReadonlySet<string> | undefined
}

function readEntries(cursor: Cursor, { column, rowKeys, seenHeader }: EntryOptions): void {
  if (skipSpace(cursor) === 0x7d) {
    cursor.offset += 1
    return
  }
  let expected = 0
  do {
    skipSpace(cursor)
    const start = cursor.offset
    skipName(cursor)
    const key: Span = { start, end: cursor.offset }
    if (seenHeader?.has(foldHeader(decodeString(cursor.bytes, key).toString('utf8')))) {
      refuse(
        cursor,
        'json_shape',
        'the document is row-oriented, one object per row, where one object per column is due',
      )
    }
    skipPunctuation(cursor, ':')
    skipSpace(cursor)
    const valueStart = cursor.offset
    skipValue(cursor)
    const row = rowKeys.find(key, expected) ?? rowKeys.add(key)
    if (row === maxRows) refuse(cursor, 'too_many_rows', `the document has more than ${maxRows} rows`)
    if (column.values.has(row)) {
      refuse(cursor, 'repeated_row_key', `column ${quoteHeader(column.header)} has a row key twice (row ${row + 1})`)
    }
    column.values.set(row, valueStart, cursor.offset)
    expected = row + 1
  } while (hasAnother(cursor))
}

/** Moves over the name of a column or of a row. */
function skipName(cursor: Cursor): void {
  const start = cursor.offset
  skipString(cursor)
  if (cursor.offset - start > maxNameBytes) {
    refuse(cursor, 'name_too_long', `the name of a column or row is longer than ${maxNameBytes} bytes`)
  }
}

/** Moves over the comma before another member, or over the brace that ends the object. */
function hasAnother(cursor: Cursor): boolean {
  const byte = skipSpace(cursor)
  if (byte !== 0x2c && byte !== 0x7d) refuseByte(cursor, 'a comma or a closing brace is due')
  cursor.offset += 1
  return byte === 0x2c
}

function closeDocument(cursor: Cursor): void {
  const byte = skipSpace(cursor)
  if (byte === undefined) return
  const seen = byte === 0x7b || byte === 0x5b ? 'another document' : 'something'
  refuse(cursor, 'json_trailing', `${seen} follows the end of the JSON document at byte ${cursor.offset}`)
}

function refuseUneven(cursor: Cursor, { columns, rowKeys }: ColumnDocument): void {
  const rows = rowKeys.length
  let uneven = 0
  for (let row = 0; row < rows; row++) if (columns.some(({ values }) => !values.has(row))) uneven += 1
  if (uneven <= maxUnevenRows || uneven <= rows * maxUnevenRatio) return
  const sizes = columns.map(({ header, values }) => `${quoteHeader(header)} ${countSet(values)}`)
  refuse(
    cursor,
    'uneven_columns',
    `the columns do not have the same row keys: ${uneven} of ${rows} rows are missing in one of them (${sizes.slice(0, namedColumns).join(', ')})`,
  )
}

function countSet(values: SpanList): number {
  let count = 0
  for (let row = 0; row < values.length; row++) if (values.has(row)) count += 1
  return count
}
