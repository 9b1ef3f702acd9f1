import { createHash } from 'node:crypto'
import { columnHeaders, ContractError, type Dataset, foldHeader, type Reason } from '@coretelecoms/core'
import { csvBytes } from './json-columns/csv-bytes.ts'
import { type ColumnDocument, readDocument } from './json-columns/document.ts'
import { dropByteOrderMark } from './json-columns/encoding.ts'
import { findFaults } from './json-columns/faults.ts'
import { rowOriginalText } from './json-columns/original-text.ts'
import { type ObjectDelivery, openObject, type SourceObject } from './object.ts'

// The document is held whole. At 300 bytes a row this is 1.7 million rows, where a day has 38 thousand.
const maxBytes = 512 * 1_048_576
const rowKeyHeader = '(row key)'

/** A column-oriented JSON object as a delivery: read whole when it is opened, carried as CSV from there on. */
export function jsonObjectDelivery(object: SourceObject, dataset: Dataset): ObjectDelivery {
  const { info, uri } = object
  const faults = new Map<number, readonly Reason[]>()
  let digest: { sha256: string; bytes: number } | undefined
  let document: ColumnDocument | undefined
  return {
    kind: 'csv',
    identity: { uri, version: info.etag, bytes: info.bytes },
    faults,
    async open(signal) {
      const bytes = await loadObject(object, signal)
      digest = { sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length }
      document = parseDocument(bytes, object, dataset)
      for (const [row, reasons] of findFaults(document, dataset)) faults.set(row + 1, reasons)
      return carry(csvBytes(document, { rowKeyHeader: rowKeyHeaderOf(dataset) }), signal)
    },
    originalText(sourceRow) {
      if (!document) throw new TypeError('the delivery was not opened')
      return rowOriginalText(document, sourceRow - 1, rowKeyHeader)
    },
    objectDigest: () => digest,
  }
}

/** The headers of a column-oriented JSON object, by reading it whole: a later column stands only at its end. */
export async function readJsonHeaders(object: SourceObject, dataset: Dataset, signal: AbortSignal): Promise<string[]> {
  const document = parseDocument(await loadObject(object, signal), object, dataset)
  const rowKey = rowKeyHeaderOf(dataset)
  const headers = document.columns.map(({ header }) => header)
  return rowKey === undefined ? headers : [rowKey, ...headers]
}

function parseDocument(bytes: Buffer, object: SourceObject, dataset: Dataset): ColumnDocument {
  return readDocument({
    bytes: dropByteOrderMark(bytes, object.name),
    name: object.name,
    knownHeaders: new Set(dataset.columns.flatMap(columnHeaders)),
  })
}

function rowKeyHeaderOf(dataset: Dataset): string | undefined {
  const isKnown = dataset.columns.some((column) => columnHeaders(column).includes(foldHeader(rowKeyHeader)))
  return isKnown ? rowKeyHeader : undefined
}

async function loadObject(object: SourceObject, signal: AbortSignal): Promise<Buffer> {
  const { info, name } = object
  if (info.bytes > maxBytes) {
    throw new ContractError(
      'object_too_large',
      `${name}: the JSON object has ${info.bytes} bytes and ${maxBytes} is the most that is read; have it delivered as CSV, or in parts`,
    )
  }
  const target = Buffer.allocUnsafe(info.bytes)
  let length = 0
  const { body } = await openObject(object, signal)
  for await (const bytes of body) length += bytes.copy(target, length)
  return target.subarray(0, length)
}

/** Hands chunks on one at a time, so that a run that is stopped ends between two of them. */
async function* carry(chunks: Iterable<Buffer>, signal: AbortSignal): AsyncGenerator<Buffer> {
  for (const chunk of chunks) {
    signal.throwIfAborted()
    yield await Promise.resolve(chunk)
  }
}
