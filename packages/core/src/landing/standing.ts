import { ContractError } from '../errors/contract-error.ts'
import type { ObjectStore } from '../object-store/object-store.ts'
import { currentKey, type Partition } from '../raw-zone/keys.ts'
import { type Publication, readLatestPublication, readPublication } from '../raw-zone/publication.ts'

/** What is published when a run starts. */
export interface Standing {
  /** The version of `current.json` that the run may replace; undefined: there is none. */
  readonly replaced: Pick<Publication, 'currentEtag'> | undefined
  /** The publication of the very day. */
  readonly previous: Publication | undefined
  /** The last publication of the dataset, on or before the day. */
  readonly latest: (Publication & { readonly date: string }) | undefined
}

/** Where it is read. */
export interface StandingOptions {
  readonly store: ObjectStore
  readonly partition: Partition
  /** Takes a publication that is not whole for none, so that the run can replace it. */
  readonly isForced: boolean
}

/**
 * Reads what is published. Throws a ContractError when that is not whole, which `isForced` gets over: there is then
 * nothing to compare the delivery with.
 */
export async function readStanding({ store, partition, isForced }: StandingOptions): Promise<Standing> {
  try {
    const previous = await readPublication(store, partition)
    if (previous) return { replaced: previous, previous, latest: { ...previous, date: partition.date } }
    return { replaced: undefined, previous, latest: await readLatestPublication(store, partition) }
  } catch (error) {
    if (!isForced || !(error instanceof ContractError)) throw error
    const current = await store.head(currentKey(partition))
    return { replaced: current && { currentEtag: current.etag }, previous: undefined, latest: undefined }
  }
}
