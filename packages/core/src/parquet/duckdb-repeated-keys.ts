import type { Connection } from './duckdb-engine.ts'
import { readBackTable } from './duckdb-read-back.ts'
import { sqlName, sqlText } from './duckdb-text.ts'

/** The keys of a whole delivery, as hashes in memory: 8 bytes a row. */
export interface KeyIndex {
  /** Adds the keys of the part that the connection read back last. */
  add(connection: Connection): Promise<void>
  /** Finds the rows whose key an earlier row has; returns how many they are. */
  findRepeated(parts: readonly string[], key: string): Promise<number>
  /** Positions of the repeated rows between two positions, both included, in order. */
  repeatedRows(first: number, last: number): Promise<number[]>
}

/** Name of the table of repeated rows, with one column `source_row`. */
export const repeatedRowsTable = 'repeated_rows'

// An eighth of the hashes at a time: an eighth of the memory, and both connections have work.
const slices = [0, 1, 2, 3, 4, 5, 6, 7]
const hashBits = 61
const candidatesAtOnce = 250_000

/** Makes an empty index of keys. */
export async function createKeyIndex(connections: readonly Connection[]): Promise<KeyIndex> {
  const [connection] = connections
  if (!connection) throw new TypeError('a key index needs a connection')
  await connection.run('CREATE TABLE key_hashes (key_hash UBIGINT)')

  async function findCandidates(): Promise<number> {
    await connection?.run('CREATE TABLE candidates (key_hash UBIGINT, key_rows BIGINT)')
    const open = [...slices]
    await Promise.all(
      connections.map(async (worker) => {
        for (let slice = open.pop(); slice !== undefined; slice = open.pop()) {
          await worker.run(
            `INSERT INTO candidates SELECT key_hash, count(*) FROM key_hashes WHERE key_hash >> ${hashBits} = ${slice}
             GROUP BY key_hash HAVING count(*) > 1`,
          )
        }
      }),
    )
    const [row] = (await connection?.rows('SELECT coalesce(sum(key_rows), 0) FROM candidates')) ?? []
    return Number(row?.[0] ?? 0)
  }

  return {
    add: (worker) => worker.run(`INSERT INTO key_hashes SELECT key_hash FROM ${readBackTable(worker)}`),
    async findRepeated(parts, key) {
      const candidates = await findCandidates()
      if (candidates === 0) return 0
      // Equal hashes only point at rows: the keys themselves decide.
      await connection.run(`CREATE TABLE ${repeatedRowsTable} (source_row BIGINT)`)
      const inSlice =
        candidates > candidatesAtOnce ? slices.map((slice) => `AND key_hash >> ${hashBits} = ${slice}`) : ['']
      for (const condition of inSlice) {
        await connection.run(
          `CREATE OR REPLACE TEMP TABLE claims AS
           SELECT ${sqlName(key)} AS key_value, _source_row AS source_row FROM read_parquet([${parts.map(sqlText).join(', ')}])
           WHERE hash(${sqlName(key)}) IN (SELECT key_hash FROM candidates WHERE true ${condition})`,
        )
        await connection.run(
          `INSERT INTO ${repeatedRowsTable} SELECT claims.source_row FROM claims
           JOIN (SELECT key_value, min(source_row) AS first_row FROM claims GROUP BY key_value) AS firsts USING (key_value)
           WHERE claims.source_row <> firsts.first_row`,
        )
      }
      await connection.run('DROP TABLE claims')
      const [row] = await connection.rows(`SELECT count(*) FROM ${repeatedRowsTable}`)
      return Number(row?.[0])
    },
    async repeatedRows(first, last) {
      const rows = await connection.rows(
        `SELECT source_row FROM ${repeatedRowsTable} WHERE source_row BETWEEN ${first} AND ${last} ORDER BY source_row`,
      )
      return rows.map(([row]) => Number(row))
    },
  }
}
