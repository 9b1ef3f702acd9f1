import {
  contractHash,
  ContractError,
  type Dataset,
  loadedParts,
  type ObjectStore,
  type Publication,
  quarantinedRows,
  rawTable,
  readPublication,
  tableName,
  TransientError,
} from '@coretelecoms/core'
import { checkParts } from './check-parts.ts'
import { copyParts } from './copy-parts.ts'
import { lockDataset, readCurrentLoad, recordLoad } from './ledger.ts'
import { reconcile } from './reconcile.ts'
import { type RunLogEntry, recordRuns } from './run-log.ts'
import type { Warehouse } from './warehouse.ts'

/** What is loaded. */
export interface LoadOptions {
  readonly warehouse: Warehouse
  readonly store: ObjectStore
  readonly dataset: Dataset
  /** Date of the publication's partition. */
  readonly date: string
  readonly publication: Publication
  /** Run of the loader. */
  readonly runId: string
  /** Loads again what is loaded already. */
  readonly isForced: boolean
  now(): Date
  /** What stands in the run log when the load is committed. */
  readonly logEntry: RunLogEntry
  readonly signal: AbortSignal
}

/** What became of a partition. */
export type LoadResult = { readonly status: 'unchanged' } | { readonly status: 'loaded'; readonly rows: number }

/**
 * Loads one publication in one transaction: its rows replace those of the publication before, are compared with the
 * manifest, and are written into the ledger. Readers see the old rows or the new ones. A publication that the ledger
 * holds as current is not loaded again.
 *
 * Throws a ContractError when a part or a count is not as published, a TransientError when another loader is at it.
 */
export async function loadPartition(options: LoadOptions): Promise<LoadResult> {
  const { warehouse, dataset, date, publication, isForced } = options
  const { manifest } = publication
  const partition = { dataset: dataset.name, date }
  const name = `${dataset.name} ${date}`
  const isLoaded = async (): Promise<boolean> =>
    !isForced && (await readCurrentLoad(warehouse, partition)) === manifest.load_id
  if (await isLoaded()) return { status: 'unchanged' }
  if (manifest.contract.hash !== contractHash(dataset)) {
    throw new ContractError(
      'contract',
      `${name}: it was published under another ${manifest.contract.version} than this loader knows (${dataset.name}@${dataset.version}); publish the day again with --force, then load it`,
    )
  }
  await checkParts({
    store: options.store,
    parts: [...manifest.parts, ...manifest.quarantine_parts],
    name,
    signal: options.signal,
  })
  return warehouse.transaction(async () => {
    await lockDataset(warehouse, dataset.name, options.runId)
    // Another loader may have committed the same publication while this one waited for the lock.
    if (await isLoaded()) return { status: 'unchanged' }
    await refuseSuperseded(options)
    await deletePartition(options)
    const landed = await copyParts(warehouse, tableName(rawTable(dataset)), manifest.parts)
    const quarantined = await copyParts(warehouse, tableName(quarantinedRows), manifest.quarantine_parts)
    const rows = await reconcile({ warehouse, dataset, partition, manifest, landed, quarantined })
    await recordLoad(warehouse, {
      partition,
      manifest,
      manifestKey: publication.current.manifest_key,
      manifestSha256: publication.current.manifest_sha256,
      loadedRows: rows,
      loadedAt: options.now(),
    })
    await recordRuns(warehouse, [options.logEntry], options.now())
    return { status: 'loaded', rows }
  })
}

/**
 * Throws a TransientError when the day was published again since its publication was read: the loader of the newer one
 * may have committed before this one got the lock, and older rows would take the place of newer ones.
 */
async function refuseSuperseded({ store, dataset, date, publication }: LoadOptions): Promise<void> {
  const latest = await readPublication(store, { dataset, date })
  if (latest?.current.manifest_key === publication.current.manifest_key) return
  throw new TransientError(
    'superseded',
    `${dataset.name} ${date}: it was published again while this loader waited for its turn; nothing was loaded, run the loader again`,
  )
}

async function deletePartition({ warehouse, dataset, date }: LoadOptions): Promise<void> {
  const binds = [dataset.name, date]
  const where = 'dataset = ? AND partition_date = CAST(? AS DATE)'
  await warehouse.execute(
    `DELETE FROM ${tableName(rawTable(dataset))} WHERE _load_id IN (SELECT part_load_id FROM ${tableName(loadedParts)} WHERE ${where})`,
    binds,
  )
  await warehouse.execute(`DELETE FROM ${tableName(quarantinedRows)} WHERE ${where}`, binds)
}
