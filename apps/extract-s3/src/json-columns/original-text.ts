import { isUtf8 } from 'node:buffer'
import { escapeInvalidText } from '@coretelecoms/core'
import { rowFields } from './csv-bytes.ts'
import type { ColumnDocument } from './document.ts'

/**
 * A row of a document as a JSON object of its raw values, each as the source wrote it, under the row key and the
 * document's own headers. Escaped by `escapeInvalidText` where the row's text is invalid, as every such row is.
 */
export function rowOriginalText(document: ColumnDocument, row: number, rowKeyHeader = '(row key)'): string {
  const { bytes, columns, rowKeys } = document
  const key = rowKeys.get(row)
  const members = columns.flatMap(({ header, values }) => {
    const span = values.get(row)
    return span ? [member(header, bytes.subarray(span.start, span.end))] : []
  })
  if (key) members.unshift(member(rowKeyHeader, bytes.subarray(key.start, key.end)))
  const object = Buffer.concat([Buffer.from('{'), ...members.flatMap(separate), Buffer.from('}')])
  return rowFields(document, row, true).every(isStorable) ? object.toString('utf8') : escapeInvalidText(object)
}

function member(header: string, value: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${JSON.stringify(header)}:`), value])
}

function separate(bytes: Buffer, index: number): Buffer[] {
  return index === 0 ? [bytes] : [Buffer.from(','), bytes]
}

function isStorable(field: Buffer): boolean {
  return isUtf8(field) && !field.includes(0)
}
