import {
  createRejectionLog,
  type Dataset,
  type RejectedRow,
  type WriteOptions,
  writeRecordDelivery,
  type WrittenDelivery,
} from '@coretelecoms/core'
import { writeCsvDelivery } from '@coretelecoms/core/bulk'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

/** The same rows, whichever way they come. */
export interface Rows {
  readonly dataset: Dataset
  readonly headers: readonly string[]
  readonly rows: readonly (readonly (string | null)[])[]
}

/** What one of the two writers made of them. */
export interface Written {
  readonly written: WrittenDelivery
  /** By source row; the original text of a row is another by each way. */
  readonly rejected: readonly Omit<RejectedRow, 'originalText'>[]
  readonly file: string
}

/** Writes rows by both ways, each into a folder of its own below `folder`. */
export async function writeBoth(folder: string, rows: Rows): Promise<{ records: Written; csv: Written }> {
  return { records: await writeRecords(folder, rows), csv: await writeCsv(folder, rows) }
}

async function writeRecords(folder: string, { dataset, headers, rows }: Rows): Promise<Written> {
  const options = await createOptions(join(folder, 'records'), dataset)
  const written = await writeRecordDelivery(
    {
      kind: 'records',
      identity: { uri: 'source', version: '1', bytes: undefined },
      headers,
      records: rows.map((cells, index) => ({ sourceRow: index + 1, cells, originalText: '' })),
    },
    options,
  )
  return collect(written, options)
}

async function writeCsv(folder: string, { dataset, headers, rows }: Rows): Promise<Written> {
  const options = await createOptions(join(folder, 'csv'), dataset)
  const csv = Buffer.from([headers, ...rows].map((row) => `${row.map(csvField).join(',')}\n`).join(''))
  const written = await writeCsvDelivery(
    {
      kind: 'csv',
      identity: { uri: 'source', version: '1', bytes: csv.length },
      open: () => Promise.resolve(ReadableStream.from([csv]) as AsyncIterable<Buffer>),
    },
    options,
  )
  return collect(written, options)
}

async function collect(written: WrittenDelivery, { rejections }: WriteOptions): Promise<Written> {
  const rejected = await Array.fromAsync(rejections.rows(), ({ sourceRow, reasons }) => ({ sourceRow, reasons }))
  rejected.sort((one, other) => one.sourceRow - other.sourceRow)
  return { written, rejected, file: written.parts[0]?.file ?? '' }
}

async function createOptions(scratchDirectory: string, dataset: Dataset): Promise<WriteOptions> {
  await mkdir(scratchDirectory)
  return {
    dataset,
    partitionDate: '2025-11-20',
    unknownColumns: dataset.unknownColumns,
    lineage: {
      loadedAt: new Date('2025-11-21T04:05:06.789Z'),
      loadId: '019ab000-0000-7000-8000-000000000001',
      sourceUri: "s3://it's/ü %+.csv",
      contractVersion: 'limits@1',
    },
    scratchDirectory,
    rejections: createRejectionLog(scratchDirectory),
    onProgress: () => undefined,
    signal: new AbortController().signal,
  }
}

// Null is the field without quotes, so that the two kinds of nothing are both written.
function csvField(text: string | null): string {
  return text === null ? '' : `"${text.replaceAll('"', '""')}"`
}
