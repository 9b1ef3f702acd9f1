import { PutObjectCommand } from '@aws-sdk/client-s3'
import { createS3ObjectStore, ObjectChangedError, type ObjectStore } from '@coretelecoms/core'
import { createHash, randomBytes } from 'node:crypto'
import { connect, createServer, type Server } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AwsClients, createAwsClients } from '../../src/services/aws/credentials.ts'
import { bucketNames } from '../../src/services/aws/topology.ts'
import { type LocalWorld, startLocalWorld } from './local-world.ts'

let world: LocalWorld
let clients: AwsClients
let store: ObjectStore

beforeAll(async () => {
  world = await startLocalWorld('extract-s3')
  clients = world.aws.administrators.source.clients
  store = createS3ObjectStore(clients.s3, bucketNames.source)
})
afterAll(() => world.stop())

async function put(key: string, body: Buffer): Promise<void> {
  await clients.s3.send(new PutObjectCommand({ Bucket: bucketNames.source, Key: key, Body: body }))
}

describe('an object of the source', () => {
  test.each([
    'call logs/a b.csv',
    'customers/a+b.csv',
    'customers/100%25.csv',
    'customers/t=12:30.csv',
    'customers/número-日.csv',
  ])('is found and read under the key %s', async (key) => {
    await put(key, Buffer.from(key))
    expect(await store.head(key)).toMatchObject({ key, bytes: Buffer.byteLength(key) })
    expect((await store.read(key))?.bytes.toString()).toBe(key)
  })

  test('that was replaced since it was found is not read', async () => {
    await put('customers/replaced.csv', Buffer.from('one'))
    const found = await store.head('customers/replaced.csv')
    await put('customers/replaced.csv', Buffer.from('two'))
    const opening = store.open('customers/replaced.csv', { ifMatch: found?.etag ?? '' })
    await expect(opening).rejects.toThrow(ObjectChangedError)
  })
})

describe('a connection that is cut in the middle of a body', () => {
  const body = randomBytes(6_000_000)
  const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')
  let proxy: Server
  let cuts: number

  // Passes everything on, but hangs up on the first answers after about 2 MB.
  beforeAll(async () => {
    await put('customers/large.csv', body)
    proxy = createServer((socket) => {
      const upstream = connect(world.aws.port, '127.0.0.1')
      let passed = 0
      upstream.on('data', (bytes) => {
        passed += bytes.length
        socket.write(bytes)
        if (passed < 2_000_000 || cuts === 0) return
        cuts -= 1
        upstream.destroy()
        socket.destroy()
      })
      socket.on('data', (bytes) => upstream.write(bytes))
      for (const [one, other] of [
        [socket, upstream],
        [upstream, socket],
      ] as const) {
        one.on('error', () => other.destroy()).on('close', () => other.destroy())
      }
    })
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  })
  afterAll(() => new Promise((resolve) => proxy.close(resolve)))

  async function readThroughProxy(): Promise<Buffer> {
    const { port } = proxy.address() as { port: number }
    const through = createAwsClients(`http://127.0.0.1:${port}`, world.aws.administrators.source.credentials)
    try {
      const stream = await createS3ObjectStore(through.s3, bucketNames.source).open('customers/large.csv')
      const chunks: Buffer[] = []
      for await (const bytes of stream?.body ?? []) chunks.push(bytes)
      return Buffer.concat(chunks)
    } finally {
      through.destroy()
    }
  }

  test('is taken up where it broke, and every byte comes once', async () => {
    cuts = 2
    expect(sha256(await readThroughProxy())).toBe(sha256(body))
    expect(cuts).toBe(0)
  })

  test('and replaced meanwhile is a failure, not a mixture', async () => {
    cuts = 1
    const reading = readThroughProxy()
    while (cuts > 0) await new Promise((resolve) => setTimeout(resolve, 1))
    await put('customers/large.csv', randomBytes(6_000_000))
    await expect(reading).rejects.toThrow(ObjectChangedError)
  })
})
