import type { Connection } from './duckdb-engine.ts'
import { sqlText } from './duckdb-text.ts'

// zstd level 1 takes half the time of the default at the same size; v1 because not every warehouse reads v2 pages;
// the row group bounds the memory of the writer.
const format = 'FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, PARQUET_VERSION v1, ROW_GROUP_SIZE 40960'

/** Writes the rows of a query into a Parquet file and returns how many there were. */
export async function encodeRows(connection: Connection, query: string, file: string): Promise<number> {
  const [row] = await connection.rows(`COPY (${query}) TO ${sqlText(file)} (${format})`)
  return Number(row?.[0])
}
