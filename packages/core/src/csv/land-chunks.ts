import { rm } from 'node:fs/promises'
import { matchHeader } from '../contract/header.ts'
import { ContractError } from '../errors/contract-error.ts'
import type { CsvDelivery, WriteOptions, WrittenDelivery } from '../landing/delivery.ts'
import type { Connection, Engine } from '../parquet/duckdb-engine.ts'
import { createKeyIndex } from '../parquet/duckdb-repeated-keys.ts'
import { createRowSql } from '../parquet/duckdb-row-sql.ts'
import type { ByteSource } from './byte-source.ts'
import type { Chunk } from './chunk.ts'
import { cutChunks } from './chunker.ts'
import type { Delivering } from './delivering.ts'
import { finishDelivery } from './finish-delivery.ts'
import { inconsistency } from '../errors/inconsistency.ts'
import { type LandedChunk, landChunk, removeRewriting } from './land-chunk.ts'
import { setBadRowsAside } from './set-aside.ts'
import { createTurns } from './turns.ts'
import { createWorkerPool } from './worker-pool.ts'

/** What a delivery is landed with. */
export interface LandChunksOptions {
  readonly delivery: CsvDelivery
  readonly options: WriteOptions
  readonly sizes: { readonly chunkBytes: number; readonly maxRecordBytes: number }
  readonly source: ByteSource
  readonly engine: Engine
  /** Folder for chunk files. */
  readonly directory: string
  /** Stops everything that is under way. */
  fail(error: unknown): void
}

/**
 * Lands chunk after chunk while the stream is read, then takes repeated keys out of the whole. Throws a ContractError
 * `row_count` when the source counted its rows and there are not as many.
 */
export async function landChunks(context: LandChunksOptions): Promise<WrittenDelivery> {
  const { delivery, options, source, engine } = context
  const keys = await createKeyIndex(engine.connections)
  const landed: LandedChunk[] = []
  const run = startRun(delivery, options)
  const pool = createWorkerPool(engine.connections, context.fail)
  const turns = createTurns()
  let rowsRead = 0
  async function land(connection: Connection, chunk: Chunk): Promise<void> {
    try {
      const part = await landChunk(run.delivering(), connection, chunk)
      landed[chunk.number] = part
      if (part.content.rows > 0) await keys.add(connection)
      await turns.wait(chunk.number)
      await setAside(run.delivering(), part)
    } finally {
      turns.end(chunk.number)
    }
    options.onProgress({ bytes: source.bytes, rows: chunk.rowsBefore + chunk.rows })
  }
  try {
    const { directory, sizes } = context
    for await (const chunk of cutChunks({ ...sizes, source, directory, delivery: run.name, onHeader: run.onHeader })) {
      rowsRead += chunk.rows
      await pool.submit((connection) => land(connection, chunk))
    }
    await pool.drain()
  } catch (error) {
    context.fail(error)
    throw error
  } finally {
    await pool.settle()
  }
  if (delivery.sourceRows !== undefined && delivery.sourceRows !== rowsRead) {
    throw new ContractError(
      'row_count',
      `${run.name}: the source counts ${delivery.sourceRows} rows, the stream held ${rowsRead}; nothing of it is published, run again`,
      { context: { sourceRows: delivery.sourceRows, rowsRead } },
    )
  }
  options.onProgress({ bytes: source.bytes, rows: rowsRead })
  return finishDelivery({ run: run.delivering(), engine, keys, landed, rowsRead, source })
}

interface Run {
  readonly name: string
  onHeader(headers: readonly string[]): number
  /** Only after the header. */
  delivering(): Delivering
}

function startRun(delivery: CsvDelivery, options: WriteOptions): Run {
  const { dataset, partitionDate, unknownColumns } = options
  const name = `${dataset.name} ${partitionDate}`
  let delivering: Delivering | undefined
  return {
    name,
    onHeader(headers) {
      const header = matchHeader({ dataset, headers, delivery: name, unknownColumns })
      delivering = { delivery, options, name, header, rowSql: createRowSql({ ...options, header }) }
      return headers.length
    },
    delivering() {
      if (!delivering) throw new TypeError(`${name}: rows before a header`)
      return delivering
    },
  }
}

async function setAside(run: Delivering, { chunk, content, file, listBadRows }: LandedChunk): Promise<void> {
  const expected = chunk.rows - content.rows
  if (expected > 0) {
    const count = await setBadRowsAside(run, chunk, listBadRows())
    if (count !== expected) {
      throw inconsistency('rows read, landed and set aside', {
        read: chunk.rows,
        landed: content.rows,
        setAside: count,
      })
    }
  }
  await removeRewriting(chunk)
  if (content.rows === 0) await rm(file, { force: true })
}
