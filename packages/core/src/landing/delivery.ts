import type { HeaderMatch } from '../contract/header.ts'
import type { Reason } from '../contract/reasons.ts'
import type { Dataset, UnknownColumns } from '../datasets/define-dataset.ts'
import type { RejectionLog } from './rejection-log.ts'

/** Which state of the source a delivery was read from. */
export interface SourceIdentity {
  /** `s3://bucket/key`, `postgresql://host/database/schema.table` or `sheets://id/tab`: never a credential. */
  readonly uri: string
  /** ETag of the object, or a hash over the snapshot or the cells: equal versions mean equal deliveries. */
  readonly version: string
  /** Size in the source, where the source tells it: the progress bar's total. */
  readonly bytes: number | undefined
}

/** A delivery that arrives as a stream of CSV (RFC 4180, comma, `"`), the first record being its header. */
export interface CsvDelivery {
  readonly kind: 'csv'
  readonly identity: SourceIdentity
  /** Opens the stream from its first byte; called once a run. Must fail rather than end early. */
  open(signal: AbortSignal): Promise<AsyncIterable<Buffer>>
  /** Rows as the source itself counts them in the same snapshot; another count of records refuses the delivery. */
  readonly sourceRows?: number
  /** Text of a quarantined row where the CSV is only a carrier (JSON); default: the bytes of the record. */
  originalText?(sourceRow: number): string
  /**
   * Rows that hold what their text does not show, by source row: an object where the contract has a string. They are
   * set aside with these reasons beside those that the writer finds. Complete before `open` yields its first byte.
   */
  readonly faults?: ReadonlyMap<number, readonly Reason[]>
}

/** A delivery that arrives as records, each a list of cells in the order of `headers`. */
export interface RecordDelivery {
  readonly kind: 'records'
  readonly identity: SourceIdentity
  readonly headers: readonly string[]
  /** Rows in source order. A cell is null where the source has none. */
  readonly records: Iterable<SourceRecord>
}

/** One row of a delivery of records. */
export interface SourceRecord {
  readonly sourceRow: number
  readonly cells: readonly (string | null)[]
  readonly originalText: string
  /** What is wrong with the row although its text does not show it: a formula error where the contract has a string. */
  readonly faults?: readonly Reason[]
}

export type Delivery = CsvDelivery | RecordDelivery

/** What a writer puts beside the values of each row. */
export interface Lineage {
  readonly loadedAt: Date
  /** UUIDv7 of the attempt. */
  readonly loadId: string
  readonly sourceUri: string
  /** `<dataset>@<version>`. */
  readonly contractVersion: string
}

/** What a writer turns a delivery into Parquet under. */
export interface WriteOptions {
  readonly dataset: Dataset
  /** Logical date, YYYY-MM-DD. */
  readonly partitionDate: string
  readonly unknownColumns: UnknownColumns
  readonly lineage: Lineage
  /** A folder of this attempt's own; parts stay in it until they are published. */
  readonly scratchDirectory: string
  readonly rejections: RejectionLog
  onProgress(progress: { bytes: number; rows: number }): void
  readonly signal: AbortSignal
}

/** One Parquet file in the scratch folder, read back whole by the writer. */
export interface WrittenPart {
  readonly file: string
  readonly rows: number
}

/** A delivery as Parquet parts on this machine: counted, checked, not yet published. */
export interface WrittenDelivery {
  readonly header: HeaderMatch
  readonly parts: readonly WrittenPart[]
  /** Records of the source, counted by something else than the parser that lands them. */
  readonly rowsRead: number
  readonly rowsLanded: number
  /** Rows that landed although they break a soft rule, by rule: `allowed:<column>`. */
  readonly warnings: Readonly<Record<string, number>>
  /** Exact sum of `rowFingerprint` over what was read back from the parts. */
  readonly fingerprint: bigint
  /** sha256 (hex) and size of the delivery's bytes as they came. */
  readonly sourceSha256: string
  readonly sourceBytes: number
}
