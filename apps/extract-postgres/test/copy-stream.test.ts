import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { createCopyStream } from '../src/copy-stream.ts'

const keep = (error: unknown): unknown => error

/** A stream as the client makes it: what the server sends is pushed into it, and its end or error comes from there too. */
function serverStream(): Readable {
  return new Readable({ read: () => undefined })
}

describe('createCopyStream', () => {
  test('yields every byte to the end', async () => {
    const readable = serverStream()
    const copy = createCopyStream(readable, keep)
    const reading = Array.fromAsync(copy.chunks)
    for (const text of ['a', 'b', 'c']) {
      await sleep(1)
      readable.push(text)
    }
    expect(copy.isEnded).toBe(false)
    readable.push(null)
    expect(Buffer.concat(await reading).toString()).toBe('abc')
    expect(copy.isEnded).toBe(true)
  })

  test('fails with what is made of the error, and never ends early', async () => {
    const readable = serverStream()
    const copy = createCopyStream(readable, (error) => new Error(`seen: ${(error as Error).message}`))
    const reading = Array.fromAsync(copy.chunks)
    readable.push('a')
    await sleep(1)
    readable.destroy(new Error('cut'))
    await expect(reading).rejects.toThrow('seen: cut')
    expect(copy.isEnded).toBe(true)
  })

  test('fails with an error that was there before it', async () => {
    const readable = serverStream()
    readable.on('error', () => undefined)
    readable.destroy(new Error('early'))
    await sleep(1)
    const copy = createCopyStream(readable, keep)
    await copy.drain()
    await expect(Array.fromAsync(copy.chunks)).rejects.toThrow('early')
  })

  test('a stream that is closed without an end is a failure', async () => {
    const readable = serverStream()
    const reading = Array.fromAsync(createCopyStream(readable, keep).chunks)
    readable.destroy()
    await expect(reading).rejects.toThrow('closed before its end')
  })

  test('leaves the stream open when its reader leaves, and drains it to the error of the server', async () => {
    const readable = serverStream()
    const copy = createCopyStream(readable, keep)
    readable.push('a')
    const reader = copy.chunks[Symbol.asyncIterator]()
    await reader.next()
    await reader.return?.()
    expect(readable.destroyed).toBe(false)
    const draining = copy.drain()
    readable.push('b'.repeat(100_000))
    await sleep(1)
    expect([readable.readableLength, copy.isEnded]).toEqual([0, false])
    readable.destroy(new Error('canceling statement due to user request'))
    await draining
    expect(copy.isEnded).toBe(true)
  })

  test('drains also beside a reader that waits for a byte', async () => {
    const readable = serverStream()
    const copy = createCopyStream(readable, keep)
    const waiting = copy.chunks[Symbol.asyncIterator]().next()
    const draining = copy.drain()
    readable.push(null)
    await draining
    expect(await waiting).toMatchObject({ done: true })
  })
})
