import type { z } from 'zod'
import { ContractError } from '../errors/contract-error.ts'
import { TransientError } from '../errors/transient-error.ts'
import type { ObjectStore } from '../object-store/object-store.ts'
import { PreconditionError } from '../object-store/precondition-error.ts'
import {
  currentKey,
  datasetPrefix,
  isPartKey,
  isQuarantineKey,
  manifestKey,
  type Partition,
  partitionDateOf,
  partitionPrefix,
} from './keys.ts'
import { type Current, currentSchema, encodeJson, type Manifest, manifestSchema, sha256Hex } from './manifest.ts'

/** A publication as a reader sees it: `current.json`, the version of it that was read, and its manifest. */
export interface Publication {
  readonly current: Current
  readonly currentEtag: string
  readonly manifest: Manifest
}

/**
 * Reads the publication of a partition: whole, or undefined when nothing was published yet. Throws a ContractError when
 * what is stored is not a publication of this partition (a missing manifest, another sha256, unknown JSON, parts that lie
 * elsewhere).
 */
export async function readPublication(store: ObjectStore, partition: Partition): Promise<Publication | undefined> {
  const stored = await store.read(currentKey(partition))
  if (!stored) return undefined
  const current = parseStored(currentSchema, stored.bytes, currentKey(partition))
  if (current.manifest_key !== manifestKey(partition, current.load_id)) {
    throw foreignPublication(partition, 'current.json names a manifest of another partition')
  }
  const manifest = await store.read(current.manifest_key)
  if (!manifest || sha256Hex(manifest.bytes) !== current.manifest_sha256) {
    throw new ContractError(
      'publication',
      `s3://${store.bucket}/${currentKey(partition)} names ${current.manifest_key}, which is ${manifest ? 'another one than was published' : 'missing'}; restore it or publish the day again with --force`,
    )
  }
  const parsed = parseStored(manifestSchema, manifest.bytes, current.manifest_key)
  const fault = findForeign(partition, parsed)
  if (fault !== undefined) throw foreignPublication(partition, fault)
  if (parsed.load_id !== current.load_id) throw foreignPublication(partition, 'its manifest is of another load')
  return { current, currentEtag: stored.info.etag, manifest: parsed }
}

/**
 * What a manifest says of another partition than its own. Who may write one dataset may write a manifest that names the
 * parts of another, and the loader may read all of them.
 */
function findForeign(partition: Partition, manifest: Manifest): string | undefined {
  const { dataset, date } = partition
  const own = manifest.partition
  if (manifest.dataset !== dataset.name || own.name !== dataset.partition || own.date !== date) {
    return 'its manifest is of another dataset or day'
  }
  const isForeign =
    manifest.parts.some(({ key }) => !isPartKey(partition, key)) ||
    manifest.quarantine_parts.some(({ key }) => !isQuarantineKey(partition, key))
  if (isForeign) return 'its manifest names a part that does not lie in its partition'
  const keys = [...manifest.parts, ...manifest.quarantine_parts].map(({ key }) => key)
  return new Set(keys).size < keys.length ? 'its manifest names a part twice' : undefined
}

function foreignPublication({ dataset, date }: Partition, fault: string): ContractError {
  return new ContractError(
    'publication',
    `${dataset.name} ${date}: what is published is not whole, ${fault}; find out who wrote it, then publish the day again with --force`,
  )
}

/** The latest publication of a dataset on or before a date, or undefined when there is none. */
export async function readLatestPublication(
  store: ObjectStore,
  partition: Partition,
): Promise<(Publication & { date: string }) | undefined> {
  const dates: string[] = []
  for await (const prefix of store.list(datasetPrefix(partition.dataset), { delimiter: '/' })) {
    const date = partitionDateOf(prefix)
    if (date !== undefined && date <= partition.date) dates.push(date)
  }
  for (const date of dates.sort().reverse()) {
    const publication = await readPublication(store, { dataset: partition.dataset, date })
    if (publication) return { ...publication, date }
  }
  return undefined
}

/** What is published, over what was read at the start of the run. */
export interface PublishOptions {
  store: ObjectStore
  partition: Partition
  manifest: Manifest
  /** The version of `current.json` that the run saw at its start; undefined when there was none. */
  previous: Pick<Publication, 'currentEtag'> | undefined
  publishedAt: Date
}

/**
 * Publishes a manifest whose parts are already stored: the manifest first, then `current.json` by compare-and-swap. When
 * another run published meanwhile nothing of this one becomes visible, and a TransientError names the winner.
 */
export async function publish(options: PublishOptions): Promise<Current> {
  const { store, partition } = options
  const manifest = encodeJson(manifestSchema.parse(options.manifest))
  const key = manifestKey(partition, options.manifest.load_id)
  await putJson(store, key, manifest, { ifNoneMatch: '*' })
  return setCurrent(
    { ...options, runId: options.manifest.run_id },
    { load_id: options.manifest.load_id, manifest_sha256: sha256Hex(manifest) },
  )
}

/** Which earlier load is made the publication again. */
export interface RestoreOptions extends Pick<PublishOptions, 'store' | 'partition' | 'publishedAt'> {
  readonly loadId: string
  /** Run that restores it. */
  readonly runId: string
}

/**
 * Makes an earlier load of a partition its publication again; its manifest and parts are as they were. Returns the
 * manifest. Throws a ContractError when there is no such load or its manifest is not one, a TransientError when another
 * run published meanwhile.
 */
export async function restorePublication(options: RestoreOptions): Promise<Manifest> {
  const { store, partition, loadId } = options
  const key = manifestKey(partition, loadId)
  const previous = await store.head(currentKey(partition))
  const stored = await store.read(key)
  if (!stored) {
    throw new ContractError(
      'no_such_load',
      `${partition.dataset.name} ${partition.date}: there is no load ${loadId} (s3://${store.bucket}/${key}); OPS.LOAD_LEDGER and the folder s3://${store.bucket}/${partitionPrefix(partition)} name those that there are`,
    )
  }
  const manifest = parseStored(manifestSchema, stored.bytes, key)
  const fault = manifest.load_id === loadId ? findForeign(partition, manifest) : 'its manifest is of another load'
  if (fault !== undefined) throw foreignPublication(partition, fault)
  await setCurrent(
    { ...options, previous: previous && { currentEtag: previous.etag } },
    { load_id: loadId, manifest_sha256: sha256Hex(stored.bytes) },
  )
  return manifest
}

async function setCurrent(
  options: Omit<PublishOptions, 'manifest'> & { readonly runId: string },
  load: Pick<Current, 'load_id' | 'manifest_sha256'>,
): Promise<Current> {
  const { store, partition, previous, runId } = options
  const current: Current = {
    ...load,
    manifest_key: manifestKey(partition, load.load_id),
    run_id: runId,
    published_at: options.publishedAt.toISOString(),
  }
  const condition = previous ? { ifMatch: previous.currentEtag } : { ifNoneMatch: '*' as const }
  try {
    await putJson(store, currentKey(partition), encodeJson(current), condition)
  } catch (error) {
    if (!(error instanceof PreconditionError)) throw error
    const stored = await store.read(currentKey(partition))
    const winner = stored && parseStored(currentSchema, stored.bytes, currentKey(partition))
    // The answer to the first attempt was lost, and the SDK's second one met what the first had written.
    if (winner?.load_id === current.load_id && winner.run_id === current.run_id) return current
    const winnerRun = winner?.run_id ?? 'unknown'
    throw new TransientError(
      'race_lost',
      `${partition.dataset.name} ${partition.date}: run ${winnerRun} published first, nothing of this run is visible; run again if its delivery was older than yours`,
      { cause: error, context: { winner: winnerRun } },
    )
  }
  return current
}

async function putJson(
  store: ObjectStore,
  key: string,
  body: Buffer,
  condition: { ifNoneMatch: '*' } | { ifMatch: string },
): Promise<void> {
  await store.put({ key, body, condition, sha256: sha256Hex(body), contentType: 'application/json' })
}

function parseStored<Schema extends z.ZodType>(schema: Schema, bytes: Buffer, key: string): z.infer<Schema> {
  try {
    return schema.parse(JSON.parse(bytes.toString('utf8')))
  } catch (error) {
    throw new ContractError('publication', `${key} is not what this version of the platform publishes`, {
      cause: error,
    })
  }
}
