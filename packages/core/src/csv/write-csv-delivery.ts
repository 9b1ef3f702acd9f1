import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { CsvDelivery, WriteOptions, WrittenDelivery } from '../landing/delivery.ts'
import { type Engine, openEngine } from '../parquet/duckdb-engine.ts'
import { type ByteSource, createByteSource } from './byte-source.ts'
import { maxRecordBytes } from './chunker.ts'
import { landChunks } from './land-chunks.ts'

/** Sizes that bound the memory and the number of parts. */
export interface CsvSizes {
  /** Bytes that are cut into one part. */
  readonly chunkBytes: number
  /** The longest record that is read; a longer one refuses the delivery. */
  readonly maxRecordBytes: number
}

// 12 MB keeps the whole process below 300 MiB; each MB more costs 2 to 4 MiB.
const defaultSizes: CsvSizes = { chunkBytes: 12_000_000, maxRecordBytes }
const connections = 2
const memoryLimit = '160MB'

/**
 * Turns a CSV byte stream into checked Parquet parts in the scratch folder, with DuckDB. One buffer and two chunks are
 * in memory, whatever the size of the delivery; the folder holds the source besides the parts until the end.
 *
 * Records are counted by a scan that shares nothing with DuckDB. Every part is read back whole, and the bytes of its
 * values must balance with the bytes of the source. Rows landed and rows set aside are rows read, or it throws.
 *
 * Throws a ContractError for what is refused whole, a TransientError when DuckDB or the disk fails, a PermanentError
 * `inconsistent` when two counts do not agree, the signal's reason when aborted, and what the stream throws.
 */
export function writeCsvDelivery(delivery: CsvDelivery, options: WriteOptions): Promise<WrittenDelivery> {
  return writeCsvDeliverySized(delivery, options, defaultSizes)
}

/** The same with other sizes: what lands does not depend on them, only how many parts there are. */
export async function writeCsvDeliverySized(
  delivery: CsvDelivery,
  options: WriteOptions,
  sizes: CsvSizes,
): Promise<WrittenDelivery> {
  options.signal.throwIfAborted()
  const directory = join(options.scratchDirectory, 'csv')
  await mkdir(directory, { recursive: true })
  const stop = new AbortController()
  const signal = AbortSignal.any([options.signal, stop.signal])
  let engine: Engine | undefined
  let source: ByteSource | undefined
  try {
    engine = await openEngine({ connections, memoryLimit, spillDirectory: join(directory, 'spill'), signal })
    source = createByteSource(await delivery.open(signal), signal)
    return await landChunks({
      delivery,
      options: { ...options, signal },
      sizes,
      source,
      engine,
      directory,
      fail: (error) => stop.abort(error),
    })
  } catch (error) {
    // An interrupted query fails with an error of DuckDB's own; what stopped it is the reason.
    throw signal.aborted ? signal.reason : error
  } finally {
    source?.close()
    engine?.close()
    await rm(directory, { recursive: true, force: true })
  }
}
