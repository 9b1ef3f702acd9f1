import { isUtf8 } from 'node:buffer'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { TransientError } from '../errors/transient-error.ts'
import { readCsvSql } from '../parquet/duckdb-csv-sql.ts'
import { encodeRows } from '../parquet/duckdb-encode.ts'
import type { Connection } from '../parquet/duckdb-engine.ts'
import { type PartContent, readBack } from '../parquet/duckdb-read-back.ts'
import type { RowSource } from '../parquet/duckdb-row-sql.ts'
import { whiteSpaceCodes } from './bytes.ts'
import { type Chunk, valueBytes } from './chunk.ts'
import type { Delivering } from './delivering.ts'
import { inconsistency } from '../errors/inconsistency.ts'
import { rewriteRecords } from './rewrite.ts'

/** A chunk whose good rows are in a part, read back whole. */
export interface LandedChunk {
  readonly chunk: Chunk
  /** The Parquet file; without rows when no row of the chunk is good. */
  readonly file: string
  readonly content: PartContent
  /** Rows that break the contract, damaged records not among them. */
  readonly badRows: number
  /** Positions of those rows, in order; read while the chunk's files are there. */
  listBadRows(): AsyncGenerator<number>
}

interface Records {
  readonly source: RowSource
  readonly rows: number
  readonly valueBytes: number
}

/**
 * Lands the good rows of one chunk. A plain chunk is read by DuckDB as it is; where its count or its bytes do not
 * balance with the scan, and for every other chunk, the strict parser writes the records anew first. Throws a
 * PlatformError `inconsistent` when even then the two do not balance.
 */
export async function landChunk(run: Delivering, connection: Connection, chunk: Chunk): Promise<LandedChunk> {
  const asItIs = chunk.isPlain ? await landAsItIs(run, connection, chunk) : undefined
  return asItIs ?? landRewritten(run, connection, chunk)
}

/** Removes what landing a chunk left beside its part, but the chunk's own file. */
export async function removeRewriting(chunk: Chunk): Promise<void> {
  await rm(rewritingFile(chunk), { force: true })
}

async function landAsItIs(run: Delivering, connection: Connection, chunk: Chunk): Promise<LandedChunk | undefined> {
  const { width } = run.rowSql
  const source: RowSource = {
    table: readCsvSql({ file: chunk.file, width, usesCrlf: chunk.usesCrlf }),
    sourceRow: `row_number() OVER () + ${chunk.rowsBefore}`,
    whiteSpace: chunk.whiteSpace,
    faultyRows: faultyRows(run, chunk),
  }
  try {
    return await landRecords(run, connection, chunk, { source, rows: chunk.rows, valueBytes: valueBytes(chunk, width) })
  } catch (error) {
    // What DuckDB's parser refuses, ours may read; whatever else is wrong comes up again on the other way.
    if (!(error instanceof TransientError) || run.options.signal.aborted) throw error
    return undefined
  }
}

async function landRewritten(run: Delivering, connection: Connection, chunk: Chunk): Promise<LandedChunk> {
  const { width } = run.rowSql
  const bytes = await readFile(chunk.file)
  const rewriting = rewriteRecords({ ...chunk, bytes, width, isLast: true, delivery: run.name })
  if (rewriting.rows + rewriting.setAside !== chunk.rows) {
    throw inconsistency('the scan and the strict parser', {
      scanned: chunk.rows,
      parsed: rewriting.rows,
      damaged: rewriting.setAside,
    })
  }
  const file = rewritingFile(chunk)
  await writeFile(file, rewriting.csv)
  const source: RowSource = {
    table: readCsvSql({ file, width, usesCrlf: false, longestBytes: rewriting.longestBytes, isNumbered: true }),
    sourceRow: 'r',
    whiteSpace: whiteSpaceCodes,
    faultyRows: faultyRows(run, chunk),
  }
  const landed = await landRecords(run, connection, chunk, {
    source,
    rows: rewriting.rows,
    valueBytes: rewriting.valueBytes,
  })
  if (landed) return landed
  throw inconsistency('the strict parser and DuckDB', {
    chunk: chunk.number,
    rows: rewriting.rows,
    isUtf8: isUtf8(rewriting.csv),
  })
}

/** Undefined: DuckDB did not read the records that it was given. */
async function landRecords(
  run: Delivering,
  connection: Connection,
  chunk: Chunk,
  records: Records,
): Promise<LandedChunk | undefined> {
  const { rowSql, options } = run
  const file = join(options.scratchDirectory, `landed-${String(chunk.number).padStart(5, '0')}.parquet`)
  await rm(file, { force: true })
  const written = await encodeRows(connection, rowSql.goodRows(records.source), file)
  const content = await readBack(connection, { file, dataset: options.dataset, values: rowSql.values })
  if (content.rows !== records.rows || content.valueBytes !== records.valueBytes) {
    // Bad rows, trimmed values and fractions of a second all change the sum: ask what was read and what should have landed.
    const [row = []] = await connection.rows(rowSql.account(records.source))
    const [rows, bytes, goodRows, goodBytes] = row.map(Number)
    if (rows !== records.rows || bytes !== records.valueBytes) return undefined
    if (goodRows !== content.rows || goodBytes !== content.valueBytes) {
      throw inconsistency('a part and the rows it was made from', {
        chunk: chunk.number,
        goodRows,
        landed: content.rows,
      })
    }
  }
  if (written !== content.rows) throw inconsistency('rows written and read back', { written, read: content.rows })
  async function* listBadRows(): AsyncGenerator<number> {
    for await (const batch of connection.column(rowSql.badRows(records.source))) yield* batch.map(Number)
  }
  return { chunk, file, content, badRows: records.rows - content.rows, listBadRows }
}

function rewritingFile(chunk: Chunk): string {
  return `${chunk.file}.rewritten`
}

function faultyRows({ delivery }: Delivering, chunk: Chunk): number[] {
  const rows = [...(delivery.faults?.keys() ?? [])]
  return rows.filter((row) => row > chunk.rowsBefore && row <= chunk.rowsBefore + chunk.rows)
}
