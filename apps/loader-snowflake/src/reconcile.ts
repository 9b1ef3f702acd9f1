import {
  ContractError,
  type Dataset,
  type Manifest,
  quarantinedRows,
  rawTable,
  snowflakeFingerprintSql,
  tableName,
} from '@coretelecoms/core'
import { z } from 'zod'
import { type CopiedFile, findCopyFaults } from './copy-parts.ts'
import { type LedgerPartition, partLoadId } from './ledger.ts'
import { queryRow, type Warehouse } from './warehouse.ts'

const count = z.coerce.number().pipe(z.int().nonnegative())

/** What is compared, in the transaction that is open. */
export interface ReconcileOptions {
  readonly warehouse: Warehouse
  readonly dataset: Dataset
  readonly partition: LedgerPartition
  readonly manifest: Manifest
  readonly landed: readonly CopiedFile[]
  readonly quarantined: readonly CopiedFile[]
}

/**
 * Compares what the warehouse now holds of a publication with its manifest: rows that COPY read and loaded, by file;
 * rows counted in the tables; and the fingerprint over every value. Returns the rows counted in RAW.
 *
 * Throws a ContractError that lists every difference, which rolls the load back.
 */
export async function reconcile(options: ReconcileOptions): Promise<number> {
  const { manifest, partition } = options
  const faults = [
    ...findCopyFaults(manifest.parts, options.landed),
    ...findCopyFaults(manifest.quarantine_parts, options.quarantined),
  ]
  const raw = await countRows(options)
  if (raw.rows !== manifest.counts.landed) {
    faults.push(`the table holds ${raw.rows} rows of it, ${manifest.counts.landed} landed`)
  }
  const aside = await countQuarantined(options)
  if (aside !== manifest.counts.quarantined) {
    faults.push(`${aside} quarantined rows were loaded, ${manifest.counts.quarantined} were set aside`)
  }
  // A sum over other rows is no news: only equal counts make the fingerprint worth its full scan.
  if (faults.length === 0 && !(await hasFingerprint(options, raw.rowsWithExtra))) {
    faults.push('the fingerprint over its rows is another one than was published')
  }
  if (faults.length === 0) return raw.rows
  throw new ContractError(
    'reconcile',
    `${partition.dataset} ${partition.date}: load ${manifest.load_id} was rolled back, ${faults.join('; ')}. Publish the day again with --force, then load it`,
    { context: { dataset: partition.dataset, load_id: manifest.load_id } },
  )
}

async function countRows(options: ReconcileOptions): Promise<{ rows: number; rowsWithExtra: number }> {
  const loads = whereLoads(options)
  if (!loads) return { rows: 0, rowsWithExtra: 0 }
  const row = await queryRow(options.warehouse, {
    sql: `SELECT COUNT(*) AS row_count, COUNT(_extra) AS extra_count FROM ${loads.sql}`,
    binds: loads.binds,
    row: z.object({ row_count: count, extra_count: count }),
  })
  return { rows: row.row_count, rowsWithExtra: row.extra_count }
}

async function countQuarantined({ warehouse, partition }: ReconcileOptions): Promise<number> {
  const row = await queryRow(warehouse, {
    sql: `SELECT COUNT(*) AS row_count FROM ${tableName(quarantinedRows)} WHERE dataset = ? AND partition_date = CAST(? AS DATE)`,
    binds: [partition.dataset, partition.date],
    row: z.object({ row_count: count }),
  })
  return row.row_count
}

/**
 * Whether the rows sum up to the manifest's fingerprint. Parts that were landed under `evolve` carry `_extra` even when
 * all of it is null, and the manifest does not say which they are: without a value both readings are tried.
 */
async function hasFingerprint(options: ReconcileOptions, rowsWithExtra: number): Promise<boolean> {
  const { warehouse, dataset, manifest } = options
  const loads = whereLoads(options)
  if (!loads) return BigInt(manifest.fingerprint) === 0n
  for (const hasExtra of rowsWithExtra > 0 ? [true] : [false, true]) {
    const { fingerprint } = await queryRow(warehouse, {
      sql: `SELECT ${snowflakeFingerprintSql({ dataset, hasExtra })} AS fingerprint FROM ${loads.sql}`,
      binds: loads.binds,
      row: z.object({ fingerprint: z.string().regex(/^\d+$/) }),
    })
    if (BigInt(fingerprint) === BigInt(manifest.fingerprint)) return true
  }
  return false
}

function whereLoads({ dataset, manifest }: ReconcileOptions): { sql: string; binds: string[] } | undefined {
  const loads = [...new Set(manifest.parts.map((part) => partLoadId(part.key)))]
  if (loads.length === 0) return undefined
  const list = loads.map(() => '?').join(', ')
  return { sql: `${tableName(rawTable(dataset))} WHERE _load_id IN (${list})`, binds: loads }
}
