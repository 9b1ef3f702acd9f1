import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3'
import { Readable } from 'node:stream'
import { awsFailure } from '../aws/failure.ts'
import type { ObjectInfo, ObjectStore, ObjectStream, PutOptions, ReadOptions } from './object-store.ts'
import { ObjectChangedError, PreconditionError } from './precondition-error.ts'
import { resumeBody } from './resume-body.ts'

/** The part of the SDK's client that the store uses. */
export type S3Sender = Pick<S3Client, 'send'>

/** Makes an object store over one S3 bucket. The client's own retries do the waiting on throttling and on 5xx. */
export function createS3ObjectStore(client: S3Sender, bucket: string): ObjectStore {
  const uri = (key: string): string => `s3://${bucket}/${key}`

  async function head(key: string): Promise<ObjectInfo | undefined> {
    try {
      const response = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }))
      return { key, bytes: response.ContentLength ?? 0, etag: response.ETag ?? '' }
    } catch (error) {
      if (isStatus(error, 404)) return undefined
      throw awsFailure(error, { action: 's3:GetObject', resource: uri(key) })
    }
  }

  async function get(key: string, options: ReadOptions, range?: string): Promise<ObjectStream | undefined> {
    const command = new GetObjectCommand({
      Bucket: bucket,
      Key: key,
      ...(options.ifMatch === undefined ? {} : { IfMatch: options.ifMatch }),
      ...(range === undefined ? {} : { Range: range }),
    })
    try {
      const response = await client.send(command, options.signal ? { abortSignal: options.signal } : {})
      if (!(response.Body instanceof Readable)) throw new TypeError('the S3 response has no body to read')
      const info = { key, bytes: response.ContentLength ?? 0, etag: response.ETag ?? '' }
      return { info, body: response.Body as AsyncIterable<Buffer> }
    } catch (error) {
      if (isStatus(error, 404)) return undefined
      if (isStatus(error, 412)) {
        throw new ObjectChangedError(
          'object_changed',
          `${uri(key)} was replaced while it was being read; run again to read the new one from its start`,
          { cause: error },
        )
      }
      throw awsFailure(error, { action: 's3:GetObject', resource: uri(key) })
    }
  }

  return {
    bucket,
    head,
    async open(key, options = {}) {
      const first = await get(key, options)
      if (!first) return undefined
      const pinned = { ...options, ifMatch: first.info.etag }
      const reopen = async (offset: number): Promise<AsyncIterable<Buffer>> => {
        const rest = await get(key, pinned, `bytes=${offset}-${first.info.bytes - 1}`)
        if (rest) return rest.body
        throw new ObjectChangedError('object_changed', `${uri(key)} was deleted while it was being read`)
      }
      return { info: first.info, body: resumeBody({ first, reopen, name: uri(key), signal: options.signal }) }
    },
    async read(key, options = {}) {
      const stream = await get(key, options)
      if (!stream) return undefined
      try {
        return { info: stream.info, bytes: Buffer.concat(await Array.fromAsync(stream.body)) }
      } catch (error) {
        throw awsFailure(error, { action: 's3:GetObject', resource: uri(key) })
      }
    },
    async put(options) {
      try {
        const response = await client.send(
          new PutObjectCommand(putInput(bucket, options)),
          options.signal ? { abortSignal: options.signal } : {},
        )
        return { etag: response.ETag ?? '' }
      } catch (error) {
        // 409 is S3's answer to two conditional writes at the same instant; 404 to If-Match on a missing object.
        if (isStatus(error, 412) || isStatus(error, 409) || ('ifMatch' in options.condition && isStatus(error, 404))) {
          throw new PreconditionError('precondition', `${uri(options.key)} was written by somebody else meanwhile`, {
            cause: error,
          })
        }
        throw awsFailure(error, { action: 's3:PutObject', resource: uri(options.key) })
      }
    },
    async *list(prefix, options = {}) {
      let token: string | undefined
      do {
        const command = new ListObjectsV2Command({
          Bucket: bucket,
          Prefix: prefix,
          ...(options.delimiter === undefined ? {} : { Delimiter: options.delimiter }),
          ...(token === undefined ? {} : { ContinuationToken: token }),
        })
        const page = await client.send(command).catch((error: unknown) => {
          throw awsFailure(error, { action: 's3:ListBucket', resource: uri(prefix) })
        })
        for (const { Prefix } of page.CommonPrefixes ?? []) if (Prefix !== undefined) yield Prefix
        for (const { Key } of page.Contents ?? []) if (Key !== undefined) yield Key
        token = page.IsTruncated ? page.NextContinuationToken : undefined
      } while (token !== undefined)
    },
  }
}

function putInput(bucket: string, options: PutOptions): ConstructorParameters<typeof PutObjectCommand>[0] {
  const { condition } = options
  return {
    Bucket: bucket,
    Key: options.key,
    Body: options.body,
    ContentLength: options.body.byteLength,
    ContentType: options.contentType,
    ChecksumSHA256: Buffer.from(options.sha256, 'hex').toString('base64'),
    ...('ifMatch' in condition ? { IfMatch: condition.ifMatch } : { IfNoneMatch: condition.ifNoneMatch }),
  }
}

function isStatus(error: unknown, status: number): boolean {
  return (
    error instanceof S3ServiceException && error.$metadata.httpStatusCode === status && error.name !== 'NoSuchBucket'
  )
}
