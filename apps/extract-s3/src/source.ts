import { type DeliveryRequest, matchHeader, type ObjectStore, type Source } from '@coretelecoms/core'
import { writeCsvDelivery } from '@coretelecoms/core/bulk'
import { csvObjectDelivery, readCsvHeaders } from './csv-object.ts'
import { jsonObjectDelivery, readJsonHeaders } from './json-object.ts'
import { findObject, type ObjectDelivery } from './object.ts'

/** The deliveries of a bucket: CSV objects, streamed, and column-oriented JSON objects. */
export function createS3Source(store: ObjectStore): Source<ObjectDelivery> {
  return {
    async withDelivery(request, use) {
      const object = await findObject(store, request)
      const { dataset } = request
      return use(isJson(request) ? jsonObjectDelivery(object, dataset) : csvObjectDelivery(object))
    },
    async check(request) {
      const { dataset, signal } = request
      const object = await findObject(store, request)
      const headers = isJson(request)
        ? await readJsonHeaders(object, dataset, signal)
        : await readCsvHeaders(object, signal)
      matchHeader({ dataset, headers, delivery: object.name })
    },
    async write(delivery, options) {
      const written = await writeCsvDelivery(delivery, options)
      const digest = delivery.objectDigest?.()
      return digest ? { ...written, sourceSha256: digest.sha256, sourceBytes: digest.bytes } : written
    },
    close: () => Promise.resolve(),
  }
}

function isJson({ dataset }: DeliveryRequest): boolean {
  return dataset.source.kind === 's3-json-columns'
}
