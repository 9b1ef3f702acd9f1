// parquetjs-lite ships no types; this is the part of it that we use (version 0.8.7).
declare module 'parquetjs-lite' {
  export interface FieldDefinition {
    type: string
    optional?: boolean
    compression?: 'UNCOMPRESSED' | 'GZIP' | 'SNAPPY'
    statistics?: false
  }
  export class ParquetSchema {
    constructor(fields: Record<string, FieldDefinition>)
  }
  export interface EnvelopeOptions {
    pageSize?: number
    rowGroupSize?: number
    useDataPageV2?: boolean
    pageIndex?: boolean
  }
  export class ParquetEnvelopeWriter {
    constructor(
      schema: ParquetSchema,
      write: (bytes: Buffer) => Promise<void>,
      close: () => Promise<void>,
      fileOffset: number,
      options: EnvelopeOptions,
    )
    writeHeader(): Promise<void>
    writeSection(bytes: Buffer): Promise<void>
    writeFooter(metadata?: Record<string, string>): Promise<void>
  }
  export class ParquetWriter {
    constructor(schema: ParquetSchema, envelope: ParquetEnvelopeWriter, options: EnvelopeOptions)
    appendRow(row: Record<string, unknown>): Promise<void>
    close(): Promise<void>
  }
  export interface Cursor {
    next(): Promise<Record<string, unknown> | null>
  }
  export class ParquetReader {
    static openFile(file: string): Promise<ParquetReader>
    metadata: import('parquetjs-lite/gen-nodejs/parquet_types.js').FileMetaData
    getRowCount(): { valueOf(): number }
    getCursor(): Cursor
    close(): Promise<void>
  }
}

declare module 'parquetjs-lite/lib/types.js' {
  interface LogicalType {
    toPrimitive(value: unknown): unknown
    fromPrimitive?(value: unknown): unknown
  }
  const types: { PARQUET_LOGICAL_TYPES: Record<string, LogicalType> }
  export default types
}

declare module 'parquetjs-lite/lib/util.js' {
  import type { FileMetaData } from 'parquetjs-lite/gen-nodejs/parquet_types.js'
  const util: {
    decodeThrift(target: FileMetaData, bytes: Buffer): number
    serializeThrift(source: FileMetaData): Buffer
  }
  export default util
}

declare module 'parquetjs-lite/gen-nodejs/parquet_types.js' {
  export interface TimestampType {
    isAdjustedToUTC: boolean
  }
  export interface LogicalType {
    STRING: unknown
    DATE: unknown
    TIMESTAMP: TimestampType | null
  }
  export interface SchemaElement {
    name: string
    type: number | null
    converted_type: number | null
    logicalType: LogicalType | null
  }
  export interface FileMetaData {
    schema: SchemaElement[]
    num_rows: { valueOf(): number }
  }
  const types: {
    FileMetaData: new () => FileMetaData
    LogicalType: new (fields: Record<string, unknown>) => LogicalType
    TimestampType: new (fields: Record<string, unknown>) => TimestampType
    TimeUnit: new (fields: Record<string, unknown>) => unknown
    MicroSeconds: new () => unknown
    Type: Record<string, number>
    ConvertedType: Record<string, number>
  }
  export default types
}
