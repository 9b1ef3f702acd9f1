import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3'
import { Readable } from 'node:stream'
import { awsFailure } from '../aws/failure.ts'
import { TransientError } from '../errors/transient-error.ts'
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
      return objectInfo(key, response)
    } catch (error) {
      if (!isRefusal(error)) throw awsFailure(error, { action: 's3:GetObject', resource: uri(key) })
      return askByGet(key)
    }
  }

  // An answer to HEAD has no body that could tell a missing object from a missing bucket, or which permission lacks.
  async function askByGet(key: string): Promise<ObjectInfo | undefined> {
    const stream = await get(key, {})
    stream?.body.destroy()
    return stream?.info
  }

  async function get(key: string, options: ReadOptions, range?: ByteRange): Promise<S3Object | undefined> {
    const command = new GetObjectCommand({
      Bucket: bucket,
      Key: key,
      ...(options.ifMatch === undefined ? {} : { IfMatch: options.ifMatch }),
      ...(range === undefined ? {} : { Range: `bytes=${range.first}-${range.last}` }),
    })
    try {
      const response = await client.send(command, options.signal ? { abortSignal: options.signal } : {})
      if (!(response.Body instanceof Readable)) throw new TypeError('the S3 response has no body to read')
      if (range && response.ContentRange?.startsWith(`bytes ${range.first}-`) !== true) {
        response.Body.destroy()
        throw new TypeError('the S3 response is not the range that was asked for')
      }
      return { info: objectInfo(key, response), body: response.Body }
    } catch (error) {
      options.signal?.throwIfAborted()
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

  async function open(key: string, options: ReadOptions = {}): Promise<ObjectStream | undefined> {
    const first = await get(key, options)
    if (!first) return undefined
    const { info } = first
    const reopen = async (offset: number): Promise<Readable> => {
      const range = { first: offset, last: info.bytes - 1 }
      const rest = await get(key, { ...options, ifMatch: info.etag }, range)
      if (rest) return rest.body
      throw new ObjectChangedError('object_changed', `${uri(key)} was deleted while it was being read`)
    }
    return { info, body: resumeBody({ first, reopen, name: uri(key), signal: options.signal }) }
  }

  return {
    bucket,
    head,
    open,
    async read(key, options = {}) {
      const stream = await open(key, options)
      return stream && { info: stream.info, bytes: Buffer.concat(await Array.fromAsync(stream.body)) }
    },
    async put(options) {
      try {
        const response = await client.send(
          new PutObjectCommand(putInput(bucket, options)),
          options.signal ? { abortSignal: options.signal } : {},
        )
        return { etag: requireEtag(response.ETag) }
      } catch (error) {
        options.signal?.throwIfAborted()
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
      for (;;) {
        const command = new ListObjectsV2Command({
          Bucket: bucket,
          Prefix: prefix,
          ...(options.delimiter === undefined ? {} : { Delimiter: options.delimiter }),
          ...(token === undefined ? {} : { ContinuationToken: token }),
        })
        const page = await client.send(command).catch((error: unknown) => {
          throw awsFailure(error, { action: 's3:ListBucket', resource: uri(prefix) })
        })
        yield* pageNames(page)
        if (page.IsTruncated !== true) return
        token = page.NextContinuationToken
        if (token === undefined) {
          throw new TransientError('cut_listing', `the listing of ${uri(prefix)} breaks off in the middle; run again`)
        }
      }
    },
  }
}

interface S3Object {
  readonly info: ObjectInfo
  readonly body: Readable
}

/** Positions of bytes, both included. */
interface ByteRange {
  readonly first: number
  readonly last: number
}

function objectInfo(
  key: string,
  response: { ContentLength?: number | undefined; ETag?: string | undefined },
): ObjectInfo {
  if (response.ContentLength === undefined) throw new TypeError('the S3 response does not tell the size of the object')
  return { key, bytes: response.ContentLength, etag: requireEtag(response.ETag) }
}

// Without it the next conditional write would pin nothing.
function requireEtag(etag: string | undefined): string {
  if (etag === undefined || etag === '') throw new TypeError('the S3 response has no ETag')
  return etag
}

// A page lists its keys and its common prefixes apart; together they are in the order of their bytes.
function pageNames({ CommonPrefixes = [], Contents = [] }: ListObjectsV2CommandOutput): string[] {
  const names = [...CommonPrefixes.map(({ Prefix }) => Prefix), ...Contents.map(({ Key }) => Key)]
  return names
    .filter((name) => name !== undefined)
    .sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)))
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

// What the request itself is the cause of; throttling is not.
function isRefusal(error: unknown): boolean {
  const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined
  return status !== undefined && status >= 400 && status < 500 && status !== 408 && status !== 429
}

function isStatus(error: unknown, status: number): boolean {
  return (
    error instanceof S3ServiceException && error.$metadata.httpStatusCode === status && error.name !== 'NoSuchBucket'
  )
}
