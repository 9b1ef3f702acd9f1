import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { v7 as uuidv7 } from 'uuid'
import { contractHash, contractVersion } from '../contract/contract-hash.ts'
import type { Dataset } from '../datasets/define-dataset.ts'
import type { ObjectStore } from '../object-store/object-store.ts'
import { checkFooter } from '../parquet/footer.ts'
import { partFields, quarantineFields } from '../parquet/part-schema.ts'
import { type Partition, partKey, quarantineKey } from '../raw-zone/keys.ts'
import type { Manifest } from '../raw-zone/manifest.ts'
import { publish } from '../raw-zone/publication.ts'
import type { Delivery, WriteOptions, WrittenDelivery } from './delivery.ts'
import { guardPublication, type LandingPolicy } from './policy.ts'
import { writeQuarantine } from './quarantine.ts'
import { createRejectionLog } from './rejection-log.ts'
import { readStanding, type Standing } from './standing.ts'
import { uploadParts } from './upload-parts.ts'

/** What a run of one dataset and day is given. */
export interface LandOptions<Kind extends Delivery> {
  readonly store: ObjectStore
  readonly dataset: Dataset
  /** Logical date, YYYY-MM-DD: never the clock. */
  readonly date: string
  readonly runId: string
  readonly delivery: Kind
  /** One of the two ways into Parquet: `writeCsvDelivery` or `writeRecordDelivery`. */
  write(delivery: Kind, options: WriteOptions): Promise<WrittenDelivery>
  readonly policy: LandingPolicy
  /** Publishes again although source and contract are unchanged. */
  readonly isForced: boolean
  /** `<app>/<version>`. */
  readonly producer: string
  now(): Date
  onProgress(progress: { bytes: number; rows: number }): void
  readonly signal: AbortSignal
}

/** What became of a delivery. */
export type LandResult =
  | { readonly status: 'published'; readonly manifest: Manifest; readonly reasons: Readonly<Record<string, number>> }
  | { readonly status: 'unchanged'; readonly manifest: Manifest; readonly date: string }

/**
 * Lands one delivery in the raw zone: counts, checks, writes and reads back on this machine first, then stores parts,
 * quarantine, manifest and `current.json` in that order. A refused or killed run leaves the publication as it was.
 *
 * Throws ContractError (refused, nothing published), PermissionError, TransientError.
 */
export async function landDelivery<Kind extends Delivery>(options: LandOptions<Kind>): Promise<LandResult> {
  const { dataset, date, store } = options
  const partition: Partition = { dataset, date }
  const startedAt = options.now()
  const standing = await readStanding({ store, partition, isForced: options.isForced })
  const unchanged = findUnchanged(options, standing)
  if (unchanged) return unchanged

  const scratchDirectory = await mkdtemp(join(tmpdir(), `${dataset.name}-`))
  const writeOptions = createWriteOptions(options, scratchDirectory, startedAt)
  try {
    const written = await options.write(options.delivery, writeOptions)
    const quarantine = await writeQuarantine(writeOptions)
    const name = `${dataset.name} ${date}`
    const overrides = guardPublication({
      dataset,
      name,
      written,
      quarantined: writeOptions.rejections.count,
      reasons: quarantine.reasons,
      latest: standing.latest,
      policy: options.policy,
    })
    const fields = partFields(dataset, writeOptions.unknownColumns)
    for (const part of written.parts) await checkFooter(part.file, { rows: part.rows, fields })
    const quarantineParts = quarantine.part ? [quarantine.part] : []
    for (const part of quarantineParts) await checkFooter(part.file, { rows: part.rows, fields: quarantineFields })

    const { loadId } = writeOptions.lineage
    const upload = { store, signal: options.signal }
    const parts = await uploadParts(written.parts, { ...upload, keyOf: (index) => partKey(partition, loadId, index) })
    const aside = await uploadParts(quarantineParts, {
      ...upload,
      keyOf: (index) => quarantineKey(partition, loadId, index),
    })
    const manifest: Manifest = {
      manifest_version: 1,
      dataset: dataset.name,
      partition: { name: dataset.partition, date },
      load_id: loadId,
      run_id: options.runId,
      contract: { version: contractVersion(dataset), hash: contractHash(dataset) },
      source: {
        uri: options.delivery.identity.uri,
        version: options.delivery.identity.version,
        bytes: written.sourceBytes,
        sha256: written.sourceSha256,
        rows: written.rowsRead,
      },
      parts,
      quarantine_parts: aside,
      counts: {
        read: written.rowsRead,
        landed: written.rowsLanded,
        quarantined: writeOptions.rejections.count,
        warnings: { ...written.warnings },
      },
      fingerprint: String(written.fingerprint),
      headers: [...written.header.headers],
      overrides,
      started_at: startedAt.toISOString(),
      ended_at: options.now().toISOString(),
      producer: options.producer,
    }
    options.signal.throwIfAborted()
    await publish({ store, partition, manifest, previous: standing.replaced, publishedAt: options.now() })
    return { status: 'published', manifest, reasons: quarantine.reasons }
  } finally {
    await writeOptions.rejections.close()
    await rm(scratchDirectory, { recursive: true, force: true })
  }
}

/**
 * An unchanged delivery is not landed again. A static dataset is one snapshot that stands until it changes, so the last
 * publication of any earlier day answers for it; a daily one answers for its own day only.
 */
function findUnchanged<Kind extends Delivery>(
  options: LandOptions<Kind>,
  { previous, latest }: Standing,
): LandResult | undefined {
  if (options.isForced) return undefined
  const candidate = options.dataset.cadence === 'static' ? latest : previous && { ...previous, date: options.date }
  if (!candidate) return undefined
  const { manifest } = candidate
  const { identity } = options.delivery
  const isSame =
    manifest.contract.hash === contractHash(options.dataset) &&
    manifest.source.uri === identity.uri &&
    manifest.source.version === identity.version
  return isSame ? { status: 'unchanged', manifest, date: candidate.date } : undefined
}

function createWriteOptions<Kind extends Delivery>(
  options: LandOptions<Kind>,
  scratchDirectory: string,
  loadedAt: Date,
): WriteOptions {
  const { dataset } = options
  return {
    dataset,
    partitionDate: options.date,
    unknownColumns: options.policy.unknownColumns ?? dataset.unknownColumns,
    lineage: {
      loadedAt,
      loadId: uuidv7(),
      sourceUri: options.delivery.identity.uri,
      contractVersion: contractVersion(dataset),
    },
    scratchDirectory,
    rejections: createRejectionLog(scratchDirectory),
    onProgress: (progress) => options.onProgress(progress),
    signal: options.signal,
  }
}
