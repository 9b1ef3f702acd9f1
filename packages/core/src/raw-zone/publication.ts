import type { z } from 'zod'
import { ContractError } from '../errors/contract-error.ts'
import { TransientError } from '../errors/transient-error.ts'
import type { ObjectStore } from '../object-store/object-store.ts'
import { PreconditionError } from '../object-store/precondition-error.ts'
import { currentKey, datasetPrefix, manifestKey, type Partition, partitionDateOf } from './keys.ts'
import { type Current, currentSchema, encodeJson, type Manifest, manifestSchema, sha256Hex } from './manifest.ts'

/** A publication as a reader sees it: `current.json`, the version of it that was read, and its manifest. */
export interface Publication {
  readonly current: Current
  readonly currentEtag: string
  readonly manifest: Manifest
}

/**
 * Reads the publication of a partition: whole, or undefined when nothing was published yet. Throws a ContractError when
 * what is stored is not a publication (a missing manifest, another sha256, unknown JSON).
 */
export async function readPublication(store: ObjectStore, partition: Partition): Promise<Publication | undefined> {
  const stored = await store.read(currentKey(partition))
  if (!stored) return undefined
  const current = parseStored(currentSchema, stored.bytes, currentKey(partition))
  const manifest = await store.read(current.manifest_key)
  if (!manifest || sha256Hex(manifest.bytes) !== current.manifest_sha256) {
    throw new ContractError(
      'publication',
      `s3://${store.bucket}/${currentKey(partition)} names ${current.manifest_key}, which is ${manifest ? 'another one than was published' : 'missing'}; restore it or publish the day again with --force`,
    )
  }
  return {
    current,
    currentEtag: stored.info.etag,
    manifest: parseStored(manifestSchema, manifest.bytes, current.manifest_key),
  }
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
  const { store, partition, previous } = options
  const manifest = encodeJson(manifestSchema.parse(options.manifest))
  const key = manifestKey(partition, options.manifest.load_id)
  const current: Current = {
    manifest_key: key,
    manifest_sha256: sha256Hex(manifest),
    load_id: options.manifest.load_id,
    run_id: options.manifest.run_id,
    published_at: options.publishedAt.toISOString(),
  }
  await putJson(store, key, manifest, { ifNoneMatch: '*' })
  const condition = previous ? { ifMatch: previous.currentEtag } : { ifNoneMatch: '*' as const }
  try {
    await putJson(store, currentKey(partition), encodeJson(current), condition)
  } catch (error) {
    if (!(error instanceof PreconditionError)) throw error
    const stored = await store.read(currentKey(partition))
    const winner = stored && parseStored(currentSchema, stored.bytes, currentKey(partition))
    // The answer to the first attempt was lost, and the SDK's second one met what the first had written.
    if (winner?.load_id === current.load_id) return current
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
