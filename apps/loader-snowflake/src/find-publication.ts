import {
  type Dataset,
  NotDeliveredError,
  type ObjectStore,
  type Publication,
  readLatestPublication,
  readPublication,
} from '@coretelecoms/core'

/** Which publication is asked for. */
export interface FindOptions {
  readonly store: ObjectStore
  readonly dataset: Dataset
  /** Logical date of the run. */
  readonly date: string
}

/** A publication and the date of its partition. */
export interface FoundPublication {
  readonly publication: Publication
  readonly date: string
}

/**
 * Finds the publication that stands for a date: that of the day, or for a static dataset the latest one on or before
 * it. Throws a NotDeliveredError when there is none.
 */
export async function findPublication({ store, dataset, date }: FindOptions): Promise<FoundPublication> {
  const ofDay = await readPublication(store, { dataset, date })
  if (ofDay) return { publication: ofDay, date }
  const latest = dataset.cadence === 'static' ? await readLatestPublication(store, { dataset, date }) : undefined
  if (latest) return { publication: latest, date: latest.date }
  throw new NotDeliveredError(
    'not_published',
    `${dataset.name} ${date}: nothing is published in s3://${store.bucket} for that day yet; run its extractor first`,
  )
}
