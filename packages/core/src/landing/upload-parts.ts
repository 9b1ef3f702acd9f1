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

/** Stores parts under keys that must not exist yet, each with its sha256; returns them as the manifest names them. */
export async function uploadParts(parts: readonly WrittenPart[], options: UploadOptions): Promise<ManifestPart[]> {
  const { store, keyOf, signal, concurrency = 3 } = options
  const stored: ManifestPart[] = []
  const queue = parts.entries()
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
  await Promise.all(Array.from({ length: concurrency }, uploadNext))
  return stored
}
