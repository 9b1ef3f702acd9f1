import { readHeader } from '@coretelecoms/core/bulk'
import { type ObjectDelivery, openObject, type SourceObject } from './object.ts'

/** A CSV object as a delivery: streamed, in the version that was found. */
export function csvObjectDelivery(object: SourceObject): ObjectDelivery {
  const { info, uri } = object
  return {
    kind: 'csv',
    identity: { uri, version: info.etag, bytes: info.bytes },
    open: async (signal) => (await openObject(object, signal)).body,
  }
}

/** The headers of a CSV object, by reading no more of it than they take, and never more than a header may have. */
export async function readCsvHeaders(object: SourceObject, signal: AbortSignal): Promise<readonly string[]> {
  const { body } = await openObject(object, signal)
  let front = Buffer.alloc(0)
  for await (const bytes of body) {
    front = Buffer.concat([front, bytes])
    const header = readHeader({ bytes: front, isLast: false, delivery: object.name })
    if (header) return header.headers
  }
  return readHeader({ bytes: front, isLast: true, delivery: object.name })?.headers ?? []
}
