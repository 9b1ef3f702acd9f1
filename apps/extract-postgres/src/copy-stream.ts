import type { Readable } from 'node:stream'

/** The bytes of a COPY as they come from the server. */
export interface CopyStream {
  readonly chunks: AsyncIterable<Buffer>
  /** All bytes came, or the server's error did: the connection is free for another statement. */
  readonly isEnded: boolean
  /** Reads what still comes and throws it away, until the stream ends either way. */
  drain(): Promise<void>
}

/**
 * Reads a COPY without ever destroying its stream, as a loop over the stream itself does when it is left early: the
 * client would take the connection for free while the server goes on sending. Fails with what `failure` makes of the
 * server's error.
 */
export function createCopyStream(readable: Readable, failure: (error: unknown) => unknown): CopyStream {
  // It may have failed before it came here.
  let ending: { error?: unknown } | undefined = readable.errored ? { error: readable.errored } : undefined
  let change = Promise.withResolvers<undefined>()
  const notify = (): void => {
    change.resolve(undefined)
    change = Promise.withResolvers()
  }
  const end = (outcome: { error?: unknown }): void => {
    ending ??= outcome
    notify()
  }
  readable.on('readable', notify)
  readable.once('end', () => {
    // The client pauses its socket when the stream is full, and only a read resumes it. When the last bytes filled the
    // stream there is no read after them: the connection would never hear an answer again (postgres 3.4.9).
    readable._read(0)
    end({})
  })
  readable.once('error', (error) => end({ error }))
  readable.once('close', () => end({ error: new Error('the stream was closed before its end') }))

  const read = (): Buffer | null => readable.read() as Buffer | null

  return {
    get isEnded() {
      return ending !== undefined
    },
    chunks: {
      async *[Symbol.asyncIterator]() {
        for (;;) {
          const chunk = read()
          if (chunk !== null) yield chunk
          else if (ending) break
          else await change.promise
        }
        if (ending.error !== undefined) throw failure(ending.error)
      },
    },
    async drain() {
      while (!ending) if (read() === null) await change.promise
    },
  }
}
