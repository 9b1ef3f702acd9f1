import { type Dataset, type ObjectStore, type Publication, readPublication, sha256Hex } from '@coretelecoms/core'

/**
 * Reads a publication as a reader does, with every part that it names. Returns undefined when nothing is published, and
 * throws when anything that is published is missing or another than it should be.
 */
export async function readWhole(
  store: ObjectStore,
  dataset: Dataset,
  date: string,
): Promise<Publication['manifest'] | undefined> {
  const publication = await readPublication(store, { dataset, date })
  if (!publication) return undefined
  const { manifest } = publication
  for (const part of [...manifest.parts, ...manifest.quarantine_parts]) {
    const stored = await store.read(part.key)
    if (!stored) throw new Error(`${part.key} is published and not there`)
    if (sha256Hex(stored.bytes) !== part.sha256 || stored.bytes.length !== part.bytes) {
      throw new Error(`${part.key} is not the part that was published`)
    }
    if (!part.key.includes(`/load=${manifest.load_id}/`)) throw new Error(`${part.key} is of another load`)
  }
  return manifest
}
