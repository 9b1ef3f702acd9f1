import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import {
  DeleteObjectCommand,
  HeadObjectCommand,
  NotFound,
  paginateListObjectsV2,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import type { S3Client } from '@aws-sdk/client-s3'
import { hashFileMd5 } from '../file-hash.ts'
import type { World, WorldFile } from '../world.ts'
import type { SeedOptions } from './seed-options.ts'

/** Where the objects of a world go. */
export interface ObjectTarget {
  readonly s3: S3Client
  readonly bucket: string
}

/** The folders of the source bucket (SOURCES: Where); the one of the calls holds a space. */
const prefixes = { customers: 'customers/', call_logs: 'call logs/', social_media: 'social_medias/' } as const
type ObjectDataset = keyof typeof prefixes

/** The key a file is delivered under; undefined for a dataset that is no object. */
export function sourceKey(file: Pick<WorldFile, 'dataset' | 'day'>): string | undefined {
  switch (file.dataset) {
    case 'customers':
      return `${prefixes.customers}customers_dataset.csv`
    case 'call_logs':
      return `${prefixes.call_logs}call_logs_day_${file.day}.csv`
    case 'social_media':
      return `${prefixes.social_media}media_complaint_day_${file.day}.json`
    default:
      return undefined
  }
}

/**
 * Puts customers, calls and social media into the source bucket, byte for byte, and removes what is in its folders and
 * not in the world. An object of the same size and md5 stays as it is, with its date.
 */
export async function seedSourceObjects(world: World, target: ObjectTarget, options: SeedOptions = {}): Promise<void> {
  const keys = new Set<string>()
  for (const file of world.files) {
    const key = sourceKey(file)
    if (key === undefined) continue
    options.signal?.throwIfAborted()
    keys.add(key)
    const md5 = await hashFileMd5(file.path)
    const isThere = await holdsObject(target, key, file.bytes, md5)
    if (!isThere) await putFile(target, key, file, md5, options)
    const outcome = isThere ? 'unchanged' : 'written'
    options.onProgress?.({ step: 'seed', item: key, done: file.bytes, total: file.bytes, outcome })
  }
  for (const dataset of Object.keys(prefixes) as ObjectDataset[])
    await removeOthers(target, prefixes[dataset], keys, options)
}

async function holdsObject(target: ObjectTarget, key: string, bytes: number, md5: string): Promise<boolean> {
  try {
    const head = await target.s3.send(new HeadObjectCommand({ Bucket: target.bucket, Key: key }))
    return head.ContentLength === bytes && head.ETag === `"${md5}"`
  } catch (error) {
    if (error instanceof NotFound) return false
    throw error
  }
}

async function putFile(
  { s3, bucket }: ObjectTarget,
  key: string,
  file: WorldFile,
  md5: string,
  options: SeedOptions,
): Promise<void> {
  const command = new PutObjectCommand({
    Bucket: bucket,
    Key: key,
    Body: Readable.from(readCounted(file, key, options), { objectMode: false }),
    ContentLength: file.bytes,
    ContentType: key.endsWith('.json') ? 'application/json' : 'text/csv',
    // The server checks both, so what lies there is what the folder holds.
    ContentMD5: Buffer.from(md5, 'hex').toString('base64'),
    ChecksumSHA256: Buffer.from(file.sha256, 'hex').toString('base64'),
  })
  await s3.send(command, options.signal ? { abortSignal: options.signal } : {})
}

async function* readCounted(file: WorldFile, key: string, { onProgress }: SeedOptions): AsyncGenerator<Buffer> {
  let done = 0
  for await (const block of createReadStream(file.path, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>) {
    yield block
    done += block.length
    onProgress?.({ step: 'seed', item: key, done, total: file.bytes })
  }
}

async function removeOthers(
  { s3, bucket }: ObjectTarget,
  prefix: string,
  keys: ReadonlySet<string>,
  { onProgress }: SeedOptions,
): Promise<void> {
  for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix })) {
    for (const { Key: key } of page.Contents ?? []) {
      if (key === undefined || keys.has(key)) continue
      await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }))
      onProgress?.({ step: 'seed', item: key, done: 0, total: 0, outcome: 'removed' })
    }
  }
}
