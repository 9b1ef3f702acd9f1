import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { castText, type CastValue } from '../contract/cast.ts'
import { rowFingerprint, rowText } from '../contract/fingerprint.ts'
import { type HeaderMatch, matchHeader } from '../contract/header.ts'
import { escapeInvalidText, isStorableText, mergeReasons, type Reason } from '../contract/reasons.ts'
import { trimAscii } from '../contract/trim.ts'
import type { Column } from '../datasets/define-dataset.ts'
import { lineageFields, partFields } from '../parquet/part-schema.ts'
import { checkPart, type PartRow } from '../parquet/read-part.ts'
import { createRecordWriter } from '../parquet/record-writer.ts'
import type { RecordDelivery, SourceRecord, WriteOptions, WrittenDelivery } from './delivery.ts'

/**
 * Writes a delivery of records to one Parquet part with parquetjs-lite: no native code, about 30 times slower than the
 * byte-stream way, meant for thousands of rows. Keys are kept in memory to find repeated ones.
 *
 * Throws a ContractError when the header does not fit the contract.
 */
export async function writeRecordDelivery(delivery: RecordDelivery, options: WriteOptions): Promise<WrittenDelivery> {
  const { dataset, lineage, rejections, unknownColumns } = options
  const name = `${dataset.name} ${options.partitionDate}`
  const header = matchHeader({ dataset, headers: delivery.headers, delivery: name, unknownColumns })
  const file = join(options.scratchDirectory, 'part-00000.parquet')
  const fields = partFields(dataset, unknownColumns)
  const writer = await createRecordWriter(file, fields)
  const hash = createHash('sha256').update(JSON.stringify(delivery.headers))
  const keyIndex = dataset.columns.findIndex((column) => column.name === dataset.key)
  const keys = new Set<CastValue>()
  const warnings: Record<string, number> = {}
  const loadedAt = BigInt(lineage.loadedAt.getTime()) * 1000n
  let rowsRead = 0
  let sourceBytes = 0
  for (const record of delivery.records) {
    options.signal.throwIfAborted()
    rowsRead += 1
    const original = JSON.stringify(record.cells)
    hash.update(original)
    sourceBytes += Buffer.byteLength(original)
    const read = readRecord(record, header, options)
    const key = read.values[keyIndex]
    if (read.reasons.length === 0 && key !== undefined && key !== null) {
      if (keys.has(key)) read.reasons.push('repeated_key')
      keys.add(key)
    }
    if (read.reasons.length > 0) {
      await rejections.add({ sourceRow: record.sourceRow, reasons: read.reasons, originalText: storableText(record) })
      continue
    }
    for (const column of read.unlisted) {
      const rule = `allowed:${column.name}`
      warnings[rule] = (warnings[rule] ?? 0) + 1
    }
    const values = unknownColumns === 'evolve' ? [...read.values, read.extra] : read.values
    await writer.append([
      ...values,
      loadedAt,
      lineage.loadId,
      lineage.sourceUri,
      BigInt(record.sourceRow),
      lineage.contractVersion,
    ])
    if (rowsRead % 1000 === 0) options.onProgress({ bytes: sourceBytes, rows: rowsRead })
  }
  const digest = await writer.close()
  let fingerprint = 0n
  const addFingerprint = (row: PartRow): void => {
    const values = row.slice(0, -lineageFields.length)
    fingerprint += rowFingerprint(rowText(values, Number(row[sourceRowIndex])))
  }
  const sourceRowIndex = fields.findIndex(({ name }) => name === '_source_row')
  await checkPart(file, { fields, rows: writer.rows, digest }, addFingerprint)
  options.onProgress({ bytes: sourceBytes, rows: rowsRead })
  return {
    header,
    parts: writer.rows > 0 ? [{ file, rows: writer.rows }] : [],
    rowsRead,
    rowsLanded: writer.rows,
    warnings,
    fingerprint,
    sourceSha256: hash.digest('hex'),
    sourceBytes,
  }
}

interface ReadRecord {
  /** In the order of the contract. */
  values: (CastValue | null)[]
  /** Unknown columns as a JSON object, or null when there are none. */
  extra: string | null
  reasons: Reason[]
  /** Columns whose value the contract does not list. */
  unlisted: Column[]
}

function readRecord(record: SourceRecord, { columns, headers }: HeaderMatch, options: WriteOptions): ReadRecord {
  const { dataset } = options
  const texts = new Map<Column, string>()
  const unknown: [string, string][] = []
  if (record.cells.length > columns.length) return rejected('too_many_fields')
  if (record.cells.length < columns.length) return rejected('too_few_fields')
  if (record.cells.some((cell) => cell !== null && !isStorableText(cell))) return rejected('invalid_text')
  for (const [index, cell] of record.cells.entries()) {
    const column = columns[index]
    const text = trimAscii(cell ?? '')
    if (text === '' || column?.nullTokens.includes(text)) continue
    if (column) texts.set(column, text)
    else unknown.push([headers[index] ?? '', text])
  }
  const reasons: Reason[] = []
  const unlisted: Column[] = []
  const values = dataset.columns.map((column) => {
    const text = texts.get(column)
    if (text === undefined) {
      if (column.required) reasons.push(`required:${column.name}`)
      return null
    }
    const value = castText(column.type, text)
    if (value === undefined) reasons.push(`cast:${column.name}`)
    else if (column.allowed.length > 0 && !column.allowed.includes(text)) unlisted.push(column)
    return value ?? null
  })
  const partitionIndex = dataset.columns.findIndex((column) => column.name === dataset.partitionColumn)
  const partitionValue = partitionIndex < 0 ? null : (values[partitionIndex] ?? null)
  if (partitionValue !== null && partitionValue !== castText('date', options.partitionDate)) reasons.push('partition')
  const extra = unknown.length > 0 ? JSON.stringify(Object.fromEntries(unknown)) : null
  return { values, extra, reasons: mergeReasons(dataset, reasons, record.faults), unlisted }
}

function rejected(reason: Reason): ReadRecord {
  return { values: [], extra: null, reasons: [reason], unlisted: [] }
}

function storableText(record: SourceRecord): string {
  const text = record.originalText
  return isStorableText(text)
    ? text
    : escapeInvalidText(Buffer.from(text.replace(/[\ud800-\udfff]/gu, escapeSurrogate)))
}

// A lone surrogate has no UTF-8 form, so it is shown as JSON writes it.
function escapeSurrogate(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16)}`
}
