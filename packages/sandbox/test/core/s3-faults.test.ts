import {
  ConfigError,
  ObjectChangedError,
  type ObjectStore,
  PermissionError,
  PreconditionError,
  sha256Hex,
  TransientError,
} from '@coretelecoms/core'
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { withoutAction } from '../../src/services/aws/policy.ts'
import { credentialsOf } from '../services/aws/local-aws.ts'
import { type Fault, inTurn } from './fault-proxy.ts'
import { type LocalStore, startLocalStore } from './local-store.ts'

const body = randomBytes(3_000_000)
const slowDown: Fault = { kind: 'answer', status: 503, code: 'SlowDown' }
const internalError: Fault = { kind: 'answer', status: 500, code: 'InternalError' }

let local: LocalStore
let store: ObjectStore

beforeAll(async () => {
  local = await startLocalStore()
  // A server that is silent for so long is given up, so that a test of that is short.
  store = await local.openStore({ timeouts: { silenceMs: 400 } })
  await create('large', body)
})
beforeEach(() => local.proxy.reset())
afterAll(() => local.stop())

function create(key: string, bytes: Buffer): Promise<{ etag: string }> {
  const condition = { ifNoneMatch: '*' } as const
  return store.put({ key, body: bytes, condition, sha256: sha256Hex(bytes), contentType: 'text/plain' })
}

async function readWhole(key: string): Promise<Buffer> {
  const stream = await store.open(key)
  return Buffer.concat(await Array.fromAsync(stream?.body ?? []))
}

describe('a body', () => {
  test.each([
    ['at its first byte', [0, 0]],
    ['after one byte, again and again', [1, 1, 1]],
    ['in its middle and one byte before its end', [1_500_000, 1_499_999]],
  ])('that is cut %s comes whole, each byte once', async (_, places) => {
    local.proxy.decide(
      inTurn(
        'GET',
        places.map((afterBytes) => ({ kind: 'cut', afterBytes })),
      ),
    )
    expect((await readWhole('large')).equals(body)).toBe(true)
    expect(local.proxy.requests).toHaveLength(places.length + 1)
    expect(local.proxy.requests.at(-1)?.range).toMatch(/^bytes=\d+-2999999$/)
  })

  test('that is cut comes whole where a small object is read as well', async () => {
    local.proxy.decide(inTurn('GET', [{ kind: 'cut', afterBytes: 100 }]))
    expect((await store.read('large'))?.bytes.equals(body)).toBe(true)
  })

  test('that falls silent is taken up where it stopped', async () => {
    local.proxy.decide(inTurn('GET', [{ kind: 'hang', afterBytes: 1_000_000 }]))
    expect((await readWhole('large')).equals(body)).toBe(true)
    expect(local.proxy.requests.at(-1)?.range).toBe('bytes=1000000-2999999')
  })

  test('that is cut again and again without a byte is a failure that a retry may mend', async () => {
    local.proxy.decide(() => ({ kind: 'cut', afterBytes: 0 }))
    await expect(readWhole('large')).rejects.toThrow(/large: 0 of 3000000 bytes came through/)
  }, 60_000)

  test('that is replaced between two pieces is a failure, never a mixture', async () => {
    const { etag } = await create('replaced', body)
    local.proxy.decide(inTurn('GET', [{ kind: 'cut', afterBytes: 1_000_000 }]))
    const stream = await store.open('replaced')
    const other = randomBytes(3_000_000)
    const swap = { body: other, sha256: sha256Hex(other), contentType: 'text/plain' }
    await store.put({ key: 'replaced', condition: { ifMatch: etag }, ...swap })
    await expect(Array.fromAsync(stream?.body ?? [])).rejects.toThrow(ObjectChangedError)
  })

  test('whose rest is refused is a failure that a retry may mend', async () => {
    const refusals = Array.from({ length: 5 }, () => internalError)
    local.proxy.decide(inTurn('GET', [{ kind: 'cut', afterBytes: 9 }, ...refusals]))
    await expect(readWhole('large')).rejects.toThrow(/s3:GetObject on s3:.*large failed \(InternalError, HTTP 500\)/)
  }, 60_000)
})

describe('throttling', () => {
  test('is waited out, for every kind of request', async () => {
    local.proxy.decide(inTurn('GET', [slowDown, slowDown]))
    expect((await readWhole('large')).equals(body)).toBe(true)
    local.proxy.decide(inTurn('PUT', [slowDown, internalError]))
    await create('throttled', body)
    local.proxy.decide(inTurn('HEAD', [internalError]))
    expect(await store.head('throttled')).toMatchObject({ bytes: body.length })
    local.proxy.decide(inTurn('GET', [internalError]))
    expect(await Array.fromAsync(store.list('thr'))).toEqual(['throttled'])
  }, 60_000)

  test('that does not end is a failure that names the request, not an empty success', async () => {
    local.proxy.decide(() => slowDown)
    const failure = (action: string): object => ({
      exitCode: 1,
      message: expect.stringMatching(new RegExp(`^${action} on s3://.*HTTP 503`)) as unknown,
    })
    await Promise.all([
      expect(store.head('large')).rejects.toMatchObject(failure('s3:GetObject')),
      expect(store.open('large')).rejects.toMatchObject(failure('s3:GetObject')),
      expect(create('never', body)).rejects.toMatchObject(failure('s3:PutObject')),
      expect(Array.fromAsync(store.list('thr'))).rejects.toMatchObject(failure('s3:ListBucket')),
    ])
  }, 60_000)

  test('in the middle of a listing does not shorten it', async () => {
    await Promise.all(Array.from({ length: 3 }, (_, index) => create(`listed/${index}`, Buffer.from('x'))))
    local.proxy.decide(inTurn('GET', [slowDown]))
    expect(await Array.fromAsync(store.list('listed/'))).toHaveLength(3)
    local.proxy.decide(inTurn('GET', [{ kind: 'cut', afterBytes: 120 }]))
    expect(await Array.fromAsync(store.list('listed/'))).toHaveLength(3)
  }, 60_000)
})

describe('a server that does not answer', () => {
  test('is given up after the last attempt', async () => {
    local.proxy.decide(() => ({ kind: 'silence' }))
    await expect(readWhole('large')).rejects.toThrow(TransientError)
    expect(local.proxy.requests).toHaveLength(5)
  }, 60_000)

  test('that is not there at all is a failure that a retry may mend', async () => {
    const failure = { exitCode: 1, message: expect.stringContaining('(ECONNREFUSED)') as unknown }
    await local.proxy.whileDown(() => expect(store.head('large')).rejects.toMatchObject(failure))
  })
})

describe('a write', () => {
  test('that meets another at the same instant is told so', async () => {
    local.proxy.decide(inTurn('PUT', [{ kind: 'answer', status: 409, code: 'ConditionalRequestConflict' }]))
    await expect(create('conflict', body)).rejects.toThrow(PreconditionError)
    expect(await store.head('conflict')).toBeUndefined()
  })

  test('whose answer is lost is not done twice', async () => {
    local.proxy.decide(inTurn('PUT', [{ kind: 'lose' }]))
    await expect(create('lost', body)).rejects.toThrow(PreconditionError)
    expect((await readWhole('lost')).equals(body)).toBe(true)
  })
})

describe('a refusal', () => {
  test.each([
    ['s3:GetObject', (one: ObjectStore) => one.head('raw/agents/x')],
    ['s3:GetObject', (one: ObjectStore) => one.read('raw/agents/x')],
    ['s3:ListBucket', (one: ObjectStore) => Array.fromAsync(one.list('raw/agents/'))],
    [
      's3:PutObject',
      (one: ObjectStore) =>
        one.put({
          key: 'raw/agents/y',
          body,
          condition: { ifNoneMatch: '*' },
          sha256: sha256Hex(body),
          contentType: 'text/plain',
        }),
    ],
  ])('for the lack of %s names it', async (action, attempt) => {
    const policy = local.aws.appPolicy('extract-sheets')
    const credentials = credentialsOf(await local.aws.assumeAppRole('extract-sheets'))
    const own = await local.openStore({ credentials })
    await expect(attempt(own)).resolves.not.toThrow()
    await local.aws.replaceAppPolicy('extract-sheets', withoutAction(policy, action))
    await expect(attempt(own)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(new RegExp(`^${action} on .* was denied; add ${action} to the policy`)) as unknown,
    })
    await local.aws.replaceAppPolicy('extract-sheets', policy)
  })

  test.each([
    ['a wrong secret', { secretAccessKey: 'wrong' }, 'SignatureDoesNotMatch'],
    ['an unknown key', { accessKeyId: 'AKIAAAAAAAAAAAAAAAAA' }, 'InvalidAccessKeyId'],
  ])('of %s tells it from a missing permission, by every way', async (_, change, cause) => {
    const other = await local.openStore({ credentials: { ...local.aws.administrators.own.credentials, ...change } })
    for (const attempt of [() => other.head('large'), () => other.read('large'), () => other.open('none')]) {
      const error: unknown = await attempt().catch((failure: unknown) => failure)
      expect(error).toBeInstanceOf(PermissionError)
      expect(error).toMatchObject({ code: 'credentials', message: expect.stringContaining(cause) as unknown })
    }
  })

  test('of a bucket that is not there is told from an absent object, by every way', async () => {
    const other = await local.openStore({ bucket: 'coretelecoms-no-such-bucket' })
    const list = (): Promise<string[]> => Array.fromAsync(other.list(''))
    for (const attempt of [() => other.head('large'), () => other.read('large'), list]) {
      await expect(attempt()).rejects.toThrow(ConfigError)
    }
  })
})
