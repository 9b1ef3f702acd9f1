import { ObjectChangedError, type ObjectStore, PlatformError, PreconditionError, sha256Hex } from '@coretelecoms/core'
import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'

/** Keys that some tool somewhere gets wrong. */
const hostileKeys = [
  'call logs/a b.csv',
  ' leading and trailing ',
  'a+b',
  '100%',
  '100%25',
  'a%2Fb',
  't=12:30:00',
  'snapshot_date=2025-11-20/load=1/part-00000.parquet',
  'número-日本-😀',
  'e\u0301 and \u00e9',
  'quote\'and"ampersand&<angle>',
  'semi;colon,comma@at$dollar!',
  'hash#question?mark',
  'a//b',
  'back\\slash~tilde^caret|pipe`{curly}[square]',
]

/**
 * What every object store must do, whatever stands behind it. The bucket must be writable below `contract/`; keys are
 * never written twice.
 */
export function describeObjectStore(name: string, open: () => ObjectStore): void {
  const body = randomBytes(70_000)
  const create = (key: string, bytes: Uint8Array = body) =>
    open().put({
      key: `contract/${key}`,
      body: bytes,
      condition: { ifNoneMatch: '*' },
      sha256: sha256Hex(bytes),
      contentType: 'application/octet-stream',
    })
  const replace = (key: string, ifMatch: string, bytes: Uint8Array) =>
    open().put({
      key: `contract/${key}`,
      body: bytes,
      condition: { ifMatch },
      sha256: sha256Hex(bytes),
      contentType: 'application/octet-stream',
    })
  const read = async (key: string) => (await open().read(`contract/${key}`))?.bytes

  describe(`${name} as an object store`, () => {
    test('tells an object’s size and version, the same by every way', async () => {
      const { etag } = await create('versions')
      const info = { key: 'contract/versions', bytes: body.length, etag }
      expect(await open().head(info.key)).toEqual(info)
      expect((await open().read(info.key))?.info).toEqual(info)
      const stream = await open().open(info.key)
      expect(stream?.info).toEqual(info)
      expect(Buffer.concat(await Array.fromAsync(stream?.body ?? []))).toEqual(body)
    })

    test('answers undefined for what is not there', async () => {
      expect(await open().head('contract/none')).toBeUndefined()
      expect(await open().read('contract/none')).toBeUndefined()
      expect(await open().open('contract/none')).toBeUndefined()
    })

    test('holds an object of no bytes', async () => {
      await create('empty', Buffer.alloc(0))
      expect(await open().head('contract/empty')).toMatchObject({ bytes: 0 })
      expect(await read('empty')).toEqual(Buffer.alloc(0))
    })

    test.each(hostileKeys)('keeps the key %j apart from every other', async (key) => {
      await create(`keys/${key}`, Buffer.from(key))
      expect((await read(`keys/${key}`))?.toString()).toBe(key)
      expect(await Array.fromAsync(open().list(`contract/keys/${key}`))).toContain(`contract/keys/${key}`)
    })

    test('creates once: who comes second is told and changes nothing', async () => {
      await create('created', Buffer.from('first'))
      await expect(create('created', Buffer.from('second'))).rejects.toThrow(PreconditionError)
      expect((await read('created'))?.toString()).toBe('first')
    })

    test('lets one of many creators at the same instant win', async () => {
      const bodies = Array.from({ length: 8 }, (_, index) => Buffer.from(String(index)))
      const attempts = await Promise.allSettled(bodies.map((bytes) => create('contested', bytes)))
      expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      const winner = attempts.findIndex(({ status }) => status === 'fulfilled')
      expect((await read('contested'))?.toString()).toBe(String(winner))
      for (const attempt of attempts) {
        expect(attempt.status === 'fulfilled' || attempt.reason instanceof PreconditionError).toBe(true)
      }
    })

    test('replaces the version that was read, and no other', async () => {
      const first = await create('swapped', Buffer.from('1'))
      const second = await replace('swapped', first.etag, Buffer.from('2'))
      await expect(replace('swapped', first.etag, Buffer.from('3'))).rejects.toThrow(PreconditionError)
      expect((await read('swapped'))?.toString()).toBe('2')
      await replace('swapped', second.etag, Buffer.from('4'))
      expect((await read('swapped'))?.toString()).toBe('4')
    })

    test('does not replace what is not there', async () => {
      await expect(replace('vanished', '"0123456789abcdef0123456789abcdef"', body)).rejects.toThrow(PreconditionError)
      expect(await read('vanished')).toBeUndefined()
    })

    test('refuses a body that is not the one it was announced as', async () => {
      const attempt = open().put({
        key: 'contract/broken',
        body,
        condition: { ifNoneMatch: '*' },
        sha256: sha256Hex(Buffer.from('another body')),
        contentType: 'application/octet-stream',
      })
      await expect(attempt).rejects.toThrow(PlatformError)
      expect(await read('broken')).toBeUndefined()
    })

    test('does not read another version than the one that was found', async () => {
      const { etag } = await create('pinned', Buffer.from('old'))
      await replace('pinned', etag, Buffer.from('new'))
      await expect(open().read('contract/pinned', { ifMatch: etag })).rejects.toThrow(ObjectChangedError)
      await expect(open().open('contract/pinned', { ifMatch: etag })).rejects.toThrow(ObjectChangedError)
    })

    test('stops reading and writing with the reason of the signal', async () => {
      const reason = new Error('stopped by a person')
      const signal = AbortSignal.abort(reason)
      await create('stopped')
      await expect(open().read('contract/stopped', { signal })).rejects.toBe(reason)
      const put = { key: 'contract/never', body, condition: { ifNoneMatch: '*' }, contentType: 'text/plain' } as const
      await expect(open().put({ ...put, sha256: sha256Hex(body), signal })).rejects.toBe(reason)
      expect(await read('never')).toBeUndefined()
    })

    test('stops in the middle of a body with the reason of the signal', async () => {
      await create('long', randomBytes(5_000_000))
      const stop = new AbortController()
      const reason = new Error('stopped by a person')
      const stream = await open().open('contract/long', { signal: stop.signal })
      const drain = async (): Promise<void> => {
        for await (const bytes of stream?.body ?? []) if (bytes.length > 0) stop.abort(reason)
      }
      await expect(drain()).rejects.toBe(reason)
    })

    test('lists every name below a prefix in the order of its bytes, page after page', async () => {
      const names = Array.from({ length: 1050 }, (_, index) => `contract/many/${String(index).padStart(4, '0')}`)
      const odd = ['contract/many/Z', 'contract/many/a', 'contract/many/é', 'contract/many/😀', 'contract/many/\uffee']
      const rest = [...names, ...odd].reverse()
      const writeNext = async (): Promise<void> => {
        for (let key = rest.pop(); key !== undefined; key = rest.pop()) await create(key.slice(9), Buffer.from('x'))
      }
      await Promise.all(Array.from({ length: 8 }, writeNext))
      await create('many-others')

      const listed = await Array.fromAsync(open().list('contract/many/'))
      expect(listed).toEqual([...names, ...odd].sort(byBytes))
      expect(new Set(listed).size).toBe(1055)
    }, 60_000)

    test('lists up to the next slash, folders and objects in one order', async () => {
      for (const key of ['b/1', 'b/2', 'a', 'c', 'b', 'b-', 'd/e/f', 'ü/1']) await create(`tree/${key}`)
      const names = await Array.fromAsync(open().list('contract/tree/', { delimiter: '/' }))
      expect(names).toEqual(['a', 'b', 'b-', 'b/', 'c', 'd/', 'ü/'].map((each) => `contract/tree/${each}`))
      expect(await Array.fromAsync(open().list('contract/nothing/', { delimiter: '/' }))).toEqual([])
    })
  })
}

function byBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other))
}
