import { readFile } from 'node:fs/promises'
import type { ObjectStore } from '../object-store/object-store.ts'
import { type ManifestPart, sha256Hex } from '../raw-zone/manifest.ts'
import type { WrittenPart } from './delivery.ts'

/** Where parts go. */
export interface UploadOptions {
  store: ObjectStore
  keyOf(index: number): string
  signal: AbortSignal
  /** PUTs under way at once: each holds one part in memory. */
  concurrency?: number
}

/**
 * Stores parts under keys that must not exist yet, each with its sha256; returns them as the manifest names them. After a
 * failure no further PUT starts, and those under way have ended before it throws.
 */
export async function uploadParts(parts: readonly WrittenPart[], options: UploadOptions): Promise<ManifestPart[]> {
  const { store, keyOf, concurrency = 3 } = options
  const stored: ManifestPart[] = []
  const queue = parts.entries()
  const failed = new AbortController()
  const signal = AbortSignal.any([options.signal, failed.signal])
  async function uploadNext(): Promise<void> {
    for (const [index, part] of queue) {
      signal.throwIfAborted()
      const body = await readFile(part.file)
      const sha256 = sha256Hex(body)
      const key = keyOf(index)
      const condition = { ifNoneMatch: '*' } as const
      await store.put({ key, body, condition, sha256, contentType: 'application/vnd.apache.parquet', signal })
      stored[index] = { key, rows: part.rows, bytes: body.length, sha256 }
    }
  }
  const uploads = Array.from({ length: concurrency }, () =>
    uploadNext().catch((error: unknown) => {
      failed.abort(error)
    }),
  )
  await Promise.all(uploads)
  signal.throwIfAborted()
  return stored
}
