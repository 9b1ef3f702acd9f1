import { rename, rm } from 'node:fs/promises'
import { encodeRows } from '../parquet/duckdb-encode.ts'
import type { Connection } from '../parquet/duckdb-engine.ts'
import { readBack } from '../parquet/duckdb-read-back.ts'
import { type KeyIndex, repeatedRowsTable } from '../parquet/duckdb-repeated-keys.ts'
import { sqlText } from '../parquet/duckdb-text.ts'
import type { Delivering } from './delivering.ts'
import { inconsistency } from '../errors/inconsistency.ts'
import type { LandedChunk } from './land-chunk.ts'
import { setRepeatedRowsAside } from './set-aside.ts'

/**
 * Takes the rows out of the parts whose key an earlier row has: those parts are written again without them and read
 * back whole, the rows are set aside. Returns the parts with rows as they are now; one may have lost all of its rows.
 */
export async function removeRepeatedRows(
  run: Delivering,
  connections: readonly Connection[],
  keys: KeyIndex,
  landed: readonly LandedChunk[],
): Promise<LandedChunk[]> {
  const [connection] = connections
  const parts = landed.filter(({ content }) => content.rows > 0)
  if (!connection || parts.length === 0) return parts
  const files = parts.map(({ file }) => file)
  if ((await keys.findRepeated(files, run.options.dataset.key)) === 0) return parts
  const cleaned: LandedChunk[] = []
  for (const part of parts) {
    const { rowsBefore, rows } = part.chunk
    const repeated = await keys.repeatedRows(rowsBefore + 1, rowsBefore + rows)
    cleaned.push(repeated.length === 0 ? part : await removeRows(run, connection, part, repeated))
  }
  return cleaned
}

async function removeRows(
  run: Delivering,
  connection: Connection,
  part: LandedChunk,
  rows: readonly number[],
): Promise<LandedChunk> {
  const { chunk, file } = part
  const rest = `${file}.rest`
  const repeated = `SELECT source_row FROM ${repeatedRowsTable} WHERE source_row BETWEEN ${rows[0]} AND ${rows.at(-1)}`
  const query = `SELECT * FROM read_parquet(${sqlText(file)}) WHERE _source_row NOT IN (${repeated})`
  await encodeRows(connection, query, rest)
  await rm(file)
  await rename(rest, file)
  const content = await readBack(connection, { file, dataset: run.options.dataset, values: run.rowSql.values })
  const setAside = await setRepeatedRowsAside(run, chunk, rows)
  if (content.rows + setAside !== part.content.rows) {
    throw inconsistency('a part before and after its repeated rows are taken out', {
      chunk: chunk.number,
      before: part.content.rows,
      after: content.rows,
      setAside,
    })
  }
  return { ...part, content }
}
