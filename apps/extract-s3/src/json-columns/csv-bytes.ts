import type { ColumnDocument } from './document.ts'
import { decodeString, type Span } from './string-bytes.ts'

/** How a document is carried as CSV. */
export interface CsvBytesOptions {
  /** Header that the row key stands under; undefined: the contract has no column for it. */
  readonly rowKeyHeader: string | undefined
  /** Bytes a chunk holds at least, the last one excepted. */
  readonly chunkBytes?: number
}

/**
 * The document as CSV, header first, one record a row in chunks of about 256 KiB. Every field is quoted, so that a row
 * of nulls is no blank line. null is the empty text; a number, `true`, an object and so on are their own source text.
 * A row that is missing in a column is a record of too few fields.
 */
export function* csvBytes(document: ColumnDocument, options: CsvBytesOptions): Generator<Buffer> {
  const { chunkBytes = 262_144, rowKeyHeader } = options
  const chunk = createChunk(chunkBytes)
  const headers = document.columns.map(({ header }) => header)
  chunk.record((rowKeyHeader === undefined ? headers : [rowKeyHeader, ...headers]).map((header) => Buffer.from(header)))
  for (let row = 0; row < document.rowKeys.length; row++) {
    chunk.record(rowFields(document, row, rowKeyHeader !== undefined))
    if (chunk.length >= chunkBytes) yield chunk.take()
  }
  if (chunk.length > 0) yield chunk.take()
}

/** The fields of a row as bytes, unquoted; those of columns that lack the row are left out. */
export function rowFields(document: ColumnDocument, row: number, hasRowKey: boolean): Buffer[] {
  const { bytes, columns, rowKeys } = document
  const fields: Buffer[] = []
  const key = rowKeys.get(row)
  if (hasRowKey && key) fields.push(decodeString(bytes, key))
  for (const { values } of columns) {
    const span = values.get(row)
    if (span) fields.push(valueBytes(bytes, span))
  }
  return fields
}

function valueBytes(bytes: Buffer, span: Span): Buffer {
  const first = bytes[span.start]
  if (first === 0x22) return decodeString(bytes, span)
  return first === 0x6e ? Buffer.alloc(0) : bytes.subarray(span.start, span.end)
}

function createChunk(chunkBytes: number): {
  readonly length: number
  record(fields: readonly Buffer[]): void
  take(): Buffer
} {
  let target = Buffer.allocUnsafe(chunkBytes * 2)
  let length = 0

  function reserve(bytes: number): void {
    if (length + bytes <= target.length) return
    const grown = Buffer.allocUnsafe(Math.max(length + bytes, target.length * 2))
    target.copy(grown, 0, 0, length)
    target = grown
  }

  function field(bytes: Buffer): void {
    reserve(2 * bytes.length + 3)
    target[length++] = 0x22
    if (bytes.includes(0x22)) {
      for (const byte of bytes) {
        if (byte === 0x22) target[length++] = 0x22
        target[length++] = byte
      }
    } else {
      length += bytes.copy(target, length)
    }
    target[length++] = 0x22
  }

  return {
    get length() {
      return length
    },
    record(fields) {
      for (const [index, bytes] of fields.entries()) {
        field(bytes)
        target[length++] = index === fields.length - 1 ? 0x0a : 0x2c
      }
    },
    take() {
      const taken = target.subarray(0, length)
      target = Buffer.allocUnsafe(chunkBytes * 2)
      length = 0
      return taken
    },
  }
}
