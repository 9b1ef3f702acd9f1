import { ConfigError, loadedParts, loadLedger, loadLock, type Manifest, tableName } from '@coretelecoms/core'
import { z } from 'zod'
import { type Bind, placeholders, queryRow, queryRows, type Warehouse } from './warehouse.ts'

/** One partition in the warehouse. */
export interface LedgerPartition {
  readonly dataset: string
  /** YYYY-MM-DD. */
  readonly date: string
}

/** A publication that was loaded, as the ledger keeps it. */
export interface LedgerEntry {
  readonly partition: LedgerPartition
  readonly manifest: Manifest
  readonly manifestKey: string
  readonly manifestSha256: string
  readonly loadedRows: number
  readonly loadedAt: Date
}

const partsPerInsert = 500
const wherePartition = 'WHERE dataset = ? AND partition_date = CAST(? AS DATE)'

/** The load that the warehouse holds of a partition, or undefined when it holds none. */
export async function readCurrentLoad(
  warehouse: Warehouse,
  { dataset, date }: LedgerPartition,
): Promise<string | undefined> {
  const rows = await queryRows(warehouse, {
    sql: `SELECT load_id FROM ${tableName(loadLedger)} ${wherePartition} AND is_current`,
    binds: [dataset, date],
    row: z.object({ load_id: z.string() }),
  })
  return rows[0]?.load_id
}

/**
 * Takes the lock of a dataset in the transaction that is open: another loader of it waits here, or fails and may be run
 * again. Throws a ConfigError when the dataset has no lock.
 */
export async function lockDataset(warehouse: Warehouse, dataset: string, runId: string): Promise<void> {
  const updated = await queryRow(warehouse, {
    sql: `UPDATE ${tableName(loadLock)} SET run_id = ? WHERE dataset = ?`,
    binds: [runId, dataset],
    row: z.object({ 'number of rows updated': z.coerce.number() }),
  })
  if (updated['number of rows updated'] > 0) return
  throw new ConfigError('no_lock', `${tableName(loadLock)} has no row for ${dataset}; run \`migrate\``)
}

/** Writes a load into the ledger, in the transaction that is open: it is the current one of its partition. */
export async function recordLoad(warehouse: Warehouse, entry: LedgerEntry): Promise<void> {
  const { manifest, partition } = entry
  const binds = [partition.dataset, partition.date]
  await warehouse.execute(
    `UPDATE ${tableName(loadLedger)} SET is_current = FALSE ${wherePartition} AND is_current`,
    binds,
  )
  const row: Bind[] = [
    ...binds,
    manifest.load_id,
    entry.manifestKey,
    entry.manifestSha256,
    manifest.run_id,
    manifest.contract.version,
    manifest.source.uri,
    manifest.source.version,
    manifest.source.rows,
    manifest.counts.landed,
    manifest.counts.quarantined,
    entry.loadedRows,
    manifest.fingerprint,
    true,
    warehouseTime(entry.loadedAt),
  ]
  const columns = loadLedger.columns.map(({ name }) => name).join(', ')
  await warehouse.execute(
    `INSERT INTO ${tableName(loadLedger)} (${columns}) VALUES ${placeholders(1, row.length)}`,
    row,
  )
  await warehouse.execute(`DELETE FROM ${tableName(loadedParts)} ${wherePartition}`, binds)
  await recordParts(warehouse, entry)
}

async function recordParts(warehouse: Warehouse, { partition, manifest }: LedgerEntry): Promise<void> {
  const columns = loadedParts.columns.map(({ name }) => name)
  for (let index = 0; index < manifest.parts.length; index += partsPerInsert) {
    const parts = manifest.parts.slice(index, index + partsPerInsert)
    const binds = parts.flatMap((part): Bind[] => [
      partition.dataset,
      partition.date,
      manifest.load_id,
      part.key,
      partLoadId(part.key),
      part.rows,
    ])
    await warehouse.execute(
      `INSERT INTO ${tableName(loadedParts)} (${columns.join(', ')}) VALUES ${placeholders(parts.length, columns.length)}`,
      binds,
    )
  }
}

/** The load that a part was written by, which its rows carry as `_load_id`; a replay keeps parts of earlier loads. */
export function partLoadId(key: string): string {
  const id = /\/load=([^/]+)\/[^/]+$/.exec(key)?.[1]
  if (id === undefined) throw new TypeError(`${key} is not the key of a part`)
  return id
}

/** An instant as the warehouse takes it into a TIMESTAMP_NTZ in UTC. */
export function warehouseTime(instant: Date): string {
  return instant.toISOString().replace('T', ' ').replace('Z', '')
}
