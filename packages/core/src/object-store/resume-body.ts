import { setTimeout as sleep } from 'node:timers/promises'
import { PlatformError } from '../errors/platform-error.ts'
import { TransientError } from '../errors/transient-error.ts'
import type { ObjectStream } from './object-store.ts'

/** What a body is read with. */
export interface ResumeOptions {
  first: ObjectStream
  /** Opens the same version again from a byte offset. */
  reopen(offset: number): Promise<AsyncIterable<Buffer>>
  /** Named in errors. */
  name: string
  signal: AbortSignal | undefined
  /** How often in a row a connection may be cut without a byte coming through. */
  maxCuts?: number
}

/**
 * Yields the body of an object to its last byte. A cut connection is taken up at the byte where it broke (the SDK
 * retries requests, not bodies); a body that ends early or runs long is a TransientError, never a short success.
 */
export async function* resumeBody(options: ResumeOptions): AsyncGenerator<Buffer> {
  const { first, reopen, name, signal, maxCuts = 5 } = options
  const total = first.info.bytes
  let offset = 0
  let cuts = 0
  let body: AsyncIterable<Buffer> = first.body
  for (;;) {
    let cause: unknown
    try {
      for await (const bytes of body) {
        offset += bytes.length
        cuts = 0
        yield bytes
      }
    } catch (error) {
      signal?.throwIfAborted()
      if (error instanceof PlatformError) throw error
      cause = error
    }
    if (offset === total) return
    cuts += 1
    if (offset > total || cuts > maxCuts) {
      throw new TransientError(
        'cut_body',
        `${name}: ${offset} of ${total} bytes came through, then the connection broke`,
        {
          cause,
        },
      )
    }
    await sleep(100 * 2 ** cuts, undefined, signal ? { signal } : {})
    body = await reopen(offset)
  }
}
