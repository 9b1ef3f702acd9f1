import { createHash } from 'node:crypto'

/** A delivery's bytes, counted and hashed as they come. */
export interface ByteSource {
  readonly bytes: number
  /** Nothing more comes. */
  readonly isEnded: boolean
  /** sha256 (hex) of everything that came; call once, at the end. */
  digest(): string
  /** Copies bytes into `target` from `offset` until it is full or the stream ends; returns the position reached. */
  fill(target: Buffer, offset: number): Promise<number>
  /** Gives the stream back, without waiting for it. */
  close(): void
}

/** Reads a stream into buffers of the caller. An abort rejects at once, also while the stream is silent. */
export function createByteSource(stream: AsyncIterable<Buffer>, signal: AbortSignal): ByteSource {
  const iterator = stream[Symbol.asyncIterator]()
  const hash = createHash('sha256')
  let abandonRead: ((reason: unknown) => void) | undefined
  const stop = (): void => abandonRead?.(signal.reason)
  signal.addEventListener('abort', stop, { once: true })
  // Not Promise.race with one promise for the abort: that one would hold every buffer of the delivery to the end.
  function readNext(): Promise<IteratorResult<Buffer>> {
    signal.throwIfAborted()
    return new Promise((resolve, reject) => {
      abandonRead = reject
      iterator.next().then(resolve, reject)
    })
  }
  let rest: Buffer = Buffer.alloc(0)
  let bytes = 0
  let isEnded = false
  return {
    get bytes() {
      return bytes
    },
    get isEnded() {
      return isEnded
    },
    digest: () => hash.digest('hex'),
    async fill(target, offset) {
      let position = offset
      while (position < target.length && !isEnded) {
        if (rest.length === 0) {
          const next = await readNext()
          if (next.done === true) isEnded = true
          else rest = next.value
          continue
        }
        const copied = rest.copy(target, position)
        hash.update(rest.subarray(0, copied))
        rest = rest.subarray(copied)
        position += copied
        bytes += copied
      }
      return position
    },
    close() {
      signal.removeEventListener('abort', stop)
      // Waiting would hang on a generator that is itself waiting for a silent source.
      if (!isEnded) void iterator.return?.().catch(() => undefined)
    },
  }
}
