import { ContractError, type ManifestPart, type ObjectStore } from '@coretelecoms/core'

/** What is checked. */
export interface CheckPartsOptions {
  readonly store: ObjectStore
  readonly parts: readonly ManifestPart[]
  /** Named in the message, for example `call_logs 2025-11-20`. */
  readonly name: string
  readonly signal: AbortSignal
}

const requestsAtOnce = 16
const namedFaults = 5

/**
 * Proves that every part of a manifest lies in the raw zone in the size that was published, before the warehouse is
 * touched. Throws a ContractError that names those that do not.
 */
export async function checkParts({ store, parts, name, signal }: CheckPartsOptions): Promise<void> {
  const faults: string[] = []
  const waiting = [...parts]
  const work = async (): Promise<void> => {
    for (let part = waiting.shift(); part; part = waiting.shift()) {
      signal.throwIfAborted()
      const info = await store.head(part.key)
      if (!info) faults.push(`s3://${store.bucket}/${part.key} is missing`)
      else if (info.bytes !== part.bytes) {
        faults.push(`s3://${store.bucket}/${part.key} has ${info.bytes} bytes, ${part.bytes} were published`)
      }
    }
  }
  await Promise.all(Array.from({ length: requestsAtOnce }, work))
  if (faults.length === 0) return
  const more = faults.length > namedFaults ? ` and ${faults.length - namedFaults} more` : ''
  throw new ContractError(
    'parts',
    `${name}: ${faults.sort().slice(0, namedFaults).join('; ')}${more}; nothing was loaded. Restore the object or publish the day again with --force`,
  )
}
