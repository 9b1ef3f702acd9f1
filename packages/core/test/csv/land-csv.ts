import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CastValue } from '../../src/contract/cast.ts'
import type { RejectedRow } from '../../src/contract/reasons.ts'
import { type CsvSizes, writeCsvDeliverySized } from '../../src/csv/write-csv-delivery.ts'
import { type Dataset, defineDataset } from '../../src/datasets/define-dataset.ts'
import type { CsvDelivery, WriteOptions, WrittenDelivery } from '../../src/landing/delivery.ts'
import { createRejectionLog } from '../../src/landing/rejection-log.ts'
import { openEngine } from '../../src/parquet/duckdb-engine.ts'
import { checkFooter } from '../../src/parquet/footer.ts'
import { partFields } from '../../src/parquet/part-schema.ts'

/** A small dataset with a column of every type. */
export const shifts = defineDataset({
  name: 'shifts',
  description: 'Shifts.',
  version: 1,
  cadence: 'daily',
  source: { kind: 's3-csv', key: 'shifts_{date}.csv' },
  key: 'shift_id',
  partition: 'shift_date',
  partitionColumn: 'shift_date',
  columns: [
    { name: 'shift_id', aliases: ['shift ID'], type: 'string', required: true, description: '' },
    { name: 'person_id', type: 'uuid', description: '' },
    { name: 'desk', type: 'int32', description: '' },
    { name: 'badge', type: 'int64', aliases: [''], description: '' },
    { name: 'place', type: 'string', allowed: ['North', 'South'], nullTokens: ['n/a'], description: '' },
    { name: 'started_at', type: 'timestamp', description: '' },
    { name: 'shift_date', type: 'date', required: true, description: '' },
  ],
})

/** Header of `shifts` in the order of the contract. */
export const shiftsHeader = 'shift_id,person_id,desk,badge,place,started_at,shift_date'

/** What came of a delivery: rows of the parts, and rows set aside, both by source row. */
export interface Landing {
  written: WrittenDelivery
  rejected: RejectedRow[]
  /** Values in the order of the contract, then `_extra` under `evolve`. */
  rows: Map<number, (CastValue | null)[]>
  progress: { bytes: number; rows: number }[]
}

/** What may differ from a plain landing of `shifts` on 2025-11-20. */
export interface LandCsvOptions {
  dataset?: Dataset
  sizes?: Partial<CsvSizes>
  delivery?: Partial<CsvDelivery>
  options?: Partial<WriteOptions>
  /** Bytes of each piece of the stream. */
  pieceBytes?: number
  /** Looks at the scratch folder when the delivery is written. */
  inspect?(folder: string): Promise<void>
}

/** Lands a CSV with the real engine, and reads the parts back with DuckDB and their footers with parquetjs-lite. */
export async function landCsv(csv: string | Buffer, settings: LandCsvOptions = {}): Promise<Landing> {
  const dataset = settings.dataset ?? shifts
  const folder = await mkdtemp(join(tmpdir(), 'csv-'))
  try {
    const progress: Landing['progress'] = []
    const rejections = createRejectionLog(folder)
    const options: WriteOptions = {
      dataset,
      partitionDate: '2025-11-20',
      unknownColumns: 'freeze',
      lineage: {
        loadedAt: new Date('2025-11-21T04:05:06.789Z'),
        loadId: 'load',
        sourceUri: "s3://it's/a.csv",
        contractVersion: 'shifts@1',
      },
      scratchDirectory: folder,
      rejections,
      onProgress: (state) => progress.push(state),
      signal: new AbortController().signal,
      ...settings.options,
    }
    const bytes = typeof csv === 'string' ? Buffer.from(csv) : csv
    const delivery: CsvDelivery = {
      kind: 'csv',
      identity: { uri: 's3://bucket/a.csv', version: 'v', bytes: bytes.length },
      open: () => Promise.resolve(inPieces(bytes, settings.pieceBytes ?? 65_536)),
      ...settings.delivery,
    }
    const sizes = { chunkBytes: 1_000_000, maxRecordBytes: 20 * 1024 * 1024, ...settings.sizes }
    const written = await writeCsvDeliverySized(delivery, options, sizes)
    await settings.inspect?.(folder)
    const fields = partFields(dataset, options.unknownColumns)
    for (const part of written.parts) await checkFooter(part.file, { rows: part.rows, fields })
    const rejected = await Array.fromAsync(rejections.rows())
    rejected.sort((a, b) => a.sourceRow - b.sourceRow)
    return { written, rejected, rows: await readRows(written, options), progress }
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes.length; start += size) {
    await Promise.resolve()
    yield bytes.subarray(start, start + size)
  }
}

async function readRows(written: WrittenDelivery, options: WriteOptions): Promise<Landing['rows']> {
  const rows: Landing['rows'] = new Map()
  const { signal } = new AbortController()
  const spillDirectory = join(options.scratchDirectory, 'spill')
  const engine = await openEngine({ connections: 1, memoryLimit: '400MB', spillDirectory, signal })
  try {
    const { dataset, lineage } = options
    const columns = dataset.columns.map(({ name, type }) => {
      if (type === 'date') return `"${name}" - DATE '1970-01-01'`
      if (type === 'timestamp') return `epoch_us("${name}")`
      // As bytes: the client drops a byte order mark at the start of a text.
      return type === 'string' || type === 'uuid' ? `encode("${name}")` : `"${name}"`
    })
    if (options.unknownColumns === 'evolve') columns.push('encode(_extra)')
    for (const { file } of written.parts) {
      const query = `SELECT _source_row, epoch_ms(_loaded_at), _load_id, _source_uri, _contract_version, ${columns.join(', ')} FROM '${file}'`
      for (const [row, loadedAt, loadId, uri, contract, ...values] of (await engine.connections[0]?.rows(query)) ??
        []) {
        const found = [Number(loadedAt), loadId, uri, contract]
        const wanted = [lineage.loadedAt.getTime(), lineage.loadId, lineage.sourceUri, lineage.contractVersion]
        if (JSON.stringify(found) !== JSON.stringify(wanted))
          throw new Error(`lineage of row ${String(row)}: ${String(found)}`)
        if (rows.has(Number(row))) throw new Error(`row ${String(row)} landed twice`)
        rows.set(
          Number(row),
          values.map((value, index) => valueOf(value, dataset.columns[index]?.type)),
        )
      }
    }
  } finally {
    engine.close()
  }
  return rows
}

function valueOf(value: unknown, type: string | undefined): CastValue | null {
  if (value === null) return null
  if (type === 'int32' || type === 'date') return Number(value)
  if (typeof value === 'bigint') return value
  if (value instanceof Object && 'bytes' in value) return Buffer.from(value.bytes as Uint8Array).toString('utf8')
  throw new TypeError(`a part holds a ${typeof value}`)
}
