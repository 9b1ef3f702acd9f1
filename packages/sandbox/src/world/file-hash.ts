import { createHash } from 'node:crypto'
import type { Hash } from 'node:crypto'
import { open } from 'node:fs/promises'

const blockBytes = 1 << 20

/** Size and sha256 (hex) of a file. */
export async function hashFile(path: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256')
  const bytes = await readInto(hash, path)
  return { bytes, sha256: hash.digest('hex') }
}

/** md5 (hex) of a file: what S3 gives as the ETag of an object that was put in one piece. */
export async function hashFileMd5(path: string): Promise<string> {
  const hash = createHash('md5')
  await readInto(hash, path)
  return hash.digest('hex')
}

/** Reads through one block of memory; a stream would leave one behind for each read. */
async function readInto(hash: Hash, path: string): Promise<number> {
  const handle = await open(path)
  try {
    const block = Buffer.allocUnsafe(blockBytes)
    let bytes = 0
    for (;;) {
      const { bytesRead } = await handle.read(block, 0, block.length)
      if (bytesRead === 0) return bytes
      hash.update(block.subarray(0, bytesRead))
      bytes += bytesRead
    }
  } finally {
    await handle.close()
  }
}
