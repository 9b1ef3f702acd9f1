import { open } from 'node:fs/promises'
import parquet from 'parquetjs-lite'
import type { FileMetaData } from 'parquetjs-lite/gen-nodejs/parquet_types.js'
import thrift from 'parquetjs-lite/gen-nodejs/parquet_types.js'
import util from 'parquetjs-lite/lib/util.js'
import type { CastValue } from '../contract/cast.ts'
import { keepIntegersExact } from './exact-integers.ts'
import type { Field, FieldType } from './part-schema.ts'
import { createRowDigest } from './row-digest.ts'

/** Writes records into one Parquet file. */
export interface RecordWriter {
  /** Rows written so far. */
  readonly rows: number
  /** Appends a row of values in the order of the fields; null where there is none. */
  append(values: readonly (CastValue | null)[]): Promise<void>
  /** Writes the footer and closes the file; returns the digest of its rows, which `checkPart` holds the file to. */
  close(): Promise<string>
}

const parquetTypes: Record<FieldType, string> = {
  string: 'UTF8',
  uuid: 'UTF8',
  int32: 'INT32',
  int64: 'INT64',
  date: 'DATE',
  timestamp: 'TIMESTAMP_MICROS',
  instant: 'TIMESTAMP_MICROS',
}

// Rows, not bytes: what bounds the memory of a group and of a page.
const rowGroupRows = 10_000

/**
 * Opens a Parquet file for records: gzip, one row group in memory at a time. Integers are exact over their whole
 * range, dates are days and timestamps and instants microseconds since 1970 (see `CastValue`). The file must not
 * exist yet.
 */
export async function createRecordWriter(file: string, fields: readonly Field[]): Promise<RecordWriter> {
  keepIntegersExact()
  const schema = new parquet.ParquetSchema(Object.fromEntries(fields.map((field) => [field.name, definition(field)])))
  const handle = await open(file, 'wx')
  const options = { rowGroupSize: rowGroupRows, pageSize: rowGroupRows, useDataPageV2: false, pageIndex: false }
  const envelope = new LogicalTimestampEnvelope(
    schema,
    (bytes) => handle.writeFile(bytes),
    () => handle.close(),
    fields,
    options,
  )
  const writer = new parquet.ParquetWriter(schema, envelope, options)
  const digest = createRowDigest()
  let rows = 0
  return {
    get rows() {
      return rows
    },
    async append(values) {
      await writer.appendRow(Object.fromEntries(fields.map((field, index) => [field.name, values[index] ?? null])))
      digest.add(fields.map((_, index) => values[index] ?? null))
      rows += 1
    },
    async close() {
      await writer.close()
      return digest.hex()
    },
  }
}

// Statistics are left out: the library orders strings by UTF-16, readers expect the order of bytes.
function definition(field: Field): { type: string; optional: true; compression: 'GZIP'; statistics: false } {
  return { type: parquetTypes[field.type], optional: true, compression: 'GZIP', statistics: false }
}

/**
 * The library only knows the converted type TIMESTAMP_MICROS, which some readers take for an instant and others do
 * not. This envelope writes the logical type as well, so that every reader tells a timestamp without a zone from an
 * instant in UTC (Parquet format, LogicalTypes.md, "TIMESTAMP").
 */
class LogicalTimestampEnvelope extends parquet.ParquetEnvelopeWriter {
  readonly #types: ReadonlyMap<string, FieldType>
  #isFooter = false
  #header: Promise<void> = Promise.resolve()

  constructor(
    schema: parquet.ParquetSchema,
    write: (bytes: Buffer) => Promise<void>,
    close: () => Promise<void>,
    fields: readonly Field[],
    options: parquet.EnvelopeOptions,
  ) {
    super(schema, write, close, 0, options)
    this.#types = new Map(fields.map((field) => [field.name, field.type]))
  }

  override async writeFooter(metadata?: Record<string, string>): Promise<void> {
    this.#isFooter = true
    await super.writeFooter(metadata)
  }

  /** The library drops this promise, so that a row group could overtake the header: what follows waits for it. */
  override writeHeader(): Promise<void> {
    this.#header = super.writeHeader()
    return this.#header.catch(() => undefined) // thrown by the next write
  }

  override async writeSection(bytes: Buffer): Promise<void> {
    await this.#header
    await super.writeSection(this.#isFooter ? this.#markTimestamps(bytes) : bytes)
  }

  #markTimestamps(footer: Buffer): Buffer {
    const metadata: FileMetaData = new thrift.FileMetaData()
    util.decodeThrift(metadata, footer.subarray(0, -8))
    for (const element of metadata.schema) {
      const type = this.#types.get(element.name)
      if (type !== 'timestamp' && type !== 'instant') continue
      const unit = new thrift.TimeUnit({ MICROS: new thrift.MicroSeconds() })
      const isAdjustedToUTC = type === 'instant'
      element.logicalType = new thrift.LogicalType({ TIMESTAMP: new thrift.TimestampType({ isAdjustedToUTC, unit }) })
      if (!isAdjustedToUTC) element.converted_type = null
    }
    const body = util.serializeThrift(metadata)
    const tail = Buffer.alloc(8)
    tail.writeUInt32LE(body.length, 0)
    tail.write('PAR1', 4, 'latin1')
    return Buffer.concat([body, tail])
  }
}
