import {
  type CsvDelivery,
  type DeliveryRequest,
  fillDate,
  NotDeliveredError,
  ObjectChangedError,
  type ObjectInfo,
  type ObjectStore,
  type ObjectStream,
} from '@coretelecoms/core'

/** The object of a delivery, in the version that was found when the run began. */
export interface SourceObject {
  readonly store: ObjectStore
  readonly info: ObjectInfo
  readonly uri: string
  /** For messages: `call_logs 2025-11-20`. */
  readonly name: string
}

/** A delivery that lies in an object. */
export interface ObjectDelivery extends CsvDelivery {
  /** sha256 (hex) and size of the object itself where the CSV is only its carrier; known once it was opened. */
  objectDigest?(): { sha256: string; bytes: number } | undefined
}

/** Finds the object of a delivery. Throws NotDeliveredError when it is not there yet. */
export async function findObject(store: ObjectStore, { dataset, date }: DeliveryRequest): Promise<SourceObject> {
  const { source } = dataset
  if (source.kind !== 's3-csv' && source.kind !== 's3-json-columns') {
    throw new TypeError(`${dataset.name} does not lie in a bucket but is a ${source.kind}`)
  }
  const key = fillDate(source.key, date)
  const uri = `s3://${store.bucket}/${key}`
  const name = `${dataset.name} ${date}`
  const info = await store.head(key)
  if (info) return { store, info, uri, name }
  throw new NotDeliveredError(
    'not_delivered',
    `${name} is not delivered yet: there is no object ${uri}; ask again later`,
  )
}

/** Opens the very version of an object that was found. Throws ObjectChangedError when it is another one by now. */
export async function openObject({ store, info, uri, name }: SourceObject, signal: AbortSignal): Promise<ObjectStream> {
  const stream = await store.open(info.key, { ifMatch: info.etag, signal })
  if (stream) return stream
  throw new ObjectChangedError('object_changed', `${name}: ${uri} was deleted after it was found; run again`)
}
