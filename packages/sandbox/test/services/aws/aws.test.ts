import {
  DeleteObjectCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { GetParameterCommand, GetParametersByPathCommand } from '@aws-sdk/client-ssm'
import { AssumeRoleCommand } from '@aws-sdk/client-sts'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type AwsClients, createAwsClients } from '../../../src/services/aws/credentials.ts'
import { putParameters } from '../../../src/services/aws/parameters.ts'
import { withoutAction } from '../../../src/services/aws/policy.ts'
import type { AwsService } from '../../../src/services/aws/start.ts'
import { bucketNames, databaseParameterPath, pseudonymKeyParameter } from '../../../src/services/aws/topology.ts'
import { actAs, credentialsOf, startLocalAws } from './local-aws.ts'

const raw = bucketNames.own
const lake = bucketNames.source

let folder: string
let service: AwsService

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cx-aws-'))
  service = await startLocalAws(folder)
})
afterAll(async () => {
  await service.stop()
  await rm(folder, { recursive: true, force: true })
})

function put(clients: AwsClients, Bucket: string, Key: string, Body = 'text') {
  return clients.s3.send(new PutObjectCommand({ Bucket, Key, Body }))
}

async function get(clients: AwsClients, Bucket: string, Key: string): Promise<string | undefined> {
  const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket, Key }))
  return Body?.transformToString()
}

function list(clients: AwsClients, Bucket: string, Prefix?: string) {
  return clients.s3.send(new ListObjectsV2Command({ Bucket, ...(Prefix === undefined ? {} : { Prefix }) }))
}

/** A refusal that names the action, as IAM words it. */
function denied(action: string): object {
  return { message: expect.stringContaining(`not authorized to perform: ${action}`) as unknown }
}

describe('an extractor in our account', () => {
  let own: AwsClients
  beforeAll(async () => void ({ own } = await actAs(service, 'extract-s3')))

  test('writes and reads its own datasets in the raw zone, and writes their quarantine', async () => {
    await put(own, raw, 'raw/customers/a=1/part.parquet', 'parquet')
    expect(await get(own, raw, 'raw/customers/a=1/part.parquet')).toBe('parquet')
    await put(own, raw, 'quarantine/call_logs/part.parquet')
    const { KeyCount } = await list(own, raw, 'raw/customers/')
    expect(KeyCount).toBe(1)
  })

  test.each([
    ['read what it put into quarantine', 's3:GetObject', () => get(own, raw, 'quarantine/call_logs/part.parquet')],
    ['write another dataset', 's3:PutObject', () => put(own, raw, 'raw/agents/part.parquet')],
    ['read another dataset', 's3:GetObject', () => get(own, raw, 'raw/agents/part.parquet')],
    ['write beside the raw zone', 's3:PutObject', () => put(own, raw, 'elsewhere')],
    ['list the whole bucket', 's3:ListBucket', () => list(own, raw)],
    ['list another dataset', 's3:ListBucket', () => list(own, raw, 'raw/agents/')],
    [
      'delete',
      's3:DeleteObject',
      () => own.s3.send(new DeleteObjectCommand({ Bucket: raw, Key: 'raw/customers/a=1/part.parquet' })),
    ],
    ['read the source with its own session', 's3:GetObject', () => get(own, lake, 'customers/customers_dataset.csv')],
    [
      'read the pseudonym key',
      'ssm:GetParameter',
      () => own.ssm.send(new GetParameterCommand({ Name: pseudonymKeyParameter })),
    ],
  ])('may not %s', async (_, action, attempt) => {
    await expect(attempt()).rejects.toMatchObject(denied(action))
  })

  test('publishes by compare-and-swap', async () => {
    const Key = 'raw/customers/a=1/current.json'
    const first = new PutObjectCommand({ Bucket: raw, Key, Body: '1', IfNoneMatch: '*' })
    const { ETag } = await own.s3.send(first)
    await expect(own.s3.send(first)).rejects.toMatchObject({ name: 'PreconditionFailed' })
    await own.s3.send(new PutObjectCommand({ Bucket: raw, Key, Body: '2', IfMatch: ETag }))
    const late = new PutObjectCommand({ Bucket: raw, Key, Body: '3', IfMatch: ETag })
    await expect(own.s3.send(late)).rejects.toMatchObject({ name: 'PreconditionFailed' })
    expect(await get(own, raw, Key)).toBe('2')
  })

  test('a body that does not fit its checksum is refused', async () => {
    const command = new PutObjectCommand({
      Bucket: raw,
      Key: 'raw/customers/broken',
      Body: 'text',
      ChecksumSHA256: Buffer.alloc(32).toString('base64'),
    })
    await expect(own.s3.send(command)).rejects.toMatchObject({ name: 'BadDigest' })
  })
})

describe('an absent object', () => {
  const head = (clients: AwsClients, Bucket: string, Key: string) =>
    clients.s3.send(new HeadObjectCommand({ Bucket, Key }))

  test('is told from a denied one to who may list', async () => {
    const { own, source } = await actAs(service, 'extract-s3')
    const missing = { $metadata: { httpStatusCode: 404 } }
    await expect(get(own, raw, 'raw/customers/none')).rejects.toMatchObject({ name: 'NoSuchKey', ...missing })
    await expect(head(own, raw, 'raw/customers/none')).rejects.toMatchObject(missing)
    await expect(get(source, lake, 'call logs/none.csv')).rejects.toMatchObject({ name: 'NoSuchKey', ...missing })
    await expect(head(source, lake, 'call logs/none.csv')).rejects.toMatchObject(missing)
  })

  test('is denied, by the name of the missing verb, to who may not', async () => {
    const { own } = await actAs(service, 'extract-sheets')
    const policy = service.appPolicy('extract-sheets')
    await service.replaceAppPolicy('extract-sheets', withoutAction(policy, 's3:ListBucket'))
    await expect(get(own, raw, 'raw/agents/none')).rejects.toMatchObject(denied('s3:ListBucket'))
    await expect(head(own, raw, 'raw/agents/none')).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } })

    await service.replaceAppPolicy('extract-sheets', policy)
    await expect(get(own, raw, 'raw/agents/none')).rejects.toMatchObject({ name: 'NoSuchKey' })
  })
})

describe('the source account', () => {
  beforeEach(async () => {
    await put(service.administrators.source.clients, lake, 'call logs/call_logs_day_2025-11-20.csv', 'a,b')
  })

  test('lets the app read deliveries, the prefix with a blank included, and do nothing else', async () => {
    const { source } = await actAs(service, 'extract-s3')
    expect(await get(source, lake, 'call logs/call_logs_day_2025-11-20.csv')).toBe('a,b')
    await expect(get(source, lake, 'secret/other.csv')).rejects.toMatchObject(denied('s3:GetObject'))
    await expect(put(source, lake, 'call logs/x.csv')).rejects.toMatchObject(denied('s3:PutObject'))
    await expect(list(source, lake)).rejects.toMatchObject(denied('s3:ListBucket'))
    await expect(get(source, raw, 'raw/customers/x')).rejects.toMatchObject(denied('s3:GetObject'))
  })

  test('publishes the database access to the one app that needs it, by its path only', async () => {
    await putParameters(service.administrators.source.clients.ssm, { [`${databaseParameterPath}db_host`]: 'here' })
    const { own, source } = await actAs(service, 'extract-postgres')
    const ask = (Path: string) => new GetParametersByPathCommand({ Path, WithDecryption: true })
    const { Parameters } = await source.ssm.send(ask(databaseParameterPath))
    expect(Parameters).toMatchObject([{ Name: '/coretelecomms/database/db_host', Type: 'SecureString', Value: 'here' }])
    await expect(source.ssm.send(ask('/'))).rejects.toMatchObject(denied('ssm:GetParametersByPath'))
    await expect(source.ssm.send(ask('/coretelecomms'))).rejects.toMatchObject(denied('ssm:GetParametersByPath'))
    await expect(own.ssm.send(ask(databaseParameterPath))).rejects.toMatchObject(denied('ssm:GetParametersByPath'))
  })

  test('trusts one app with the right external id', async () => {
    const environment = await service.assumeAppRole('extract-s3')
    const { CX_SOURCE_ROLE_ARN: RoleArn, CX_SOURCE_EXTERNAL_ID: ExternalId } = environment
    const { sts } = createAwsClients(service.endpoint, credentialsOf(environment))
    const assume = (more: object) => new AssumeRoleCommand({ RoleArn, RoleSessionName: 'session', ...more })
    await expect(sts.send(assume({ ExternalId }))).resolves.toHaveProperty('Credentials')
    await expect(sts.send(assume({}))).rejects.toMatchObject(denied('sts:AssumeRole'))
    await expect(sts.send(assume({ ExternalId: 'guess' }))).rejects.toMatchObject(denied('sts:AssumeRole'))

    // Even one whose own policy would let it.
    await service.replaceAppPolicy('loader-snowflake', service.appPolicy('extract-s3'))
    const other = await actAs(service, 'loader-snowflake')
    await expect(other.own.sts.send(assume({ ExternalId }))).rejects.toMatchObject(denied('sts:AssumeRole'))
    await service.replaceAppPolicy('loader-snowflake', service.appPolicy('loader-snowflake'))
  })

  test('is closed when its own policy no longer allows it', async () => {
    const { source } = await actAs(service, 'extract-s3')
    await service.replaceSourcePolicy('extract-s3', withoutAction(service.sourcePolicy('extract-s3'), 's3:GetObject'))
    await expect(get(source, lake, 'call logs/call_logs_day_2025-11-20.csv')).rejects.toMatchObject(
      denied('s3:GetObject'),
    )
    await service.replaceSourcePolicy('extract-s3', service.sourcePolicy('extract-s3'))
    expect(await get(source, lake, 'call logs/call_logs_day_2025-11-20.csv')).toBe('a,b')
  })
})

test('the loader reads all datasets, only its migration the pseudonym key, and neither writes', async () => {
  const { own } = await actAs(service, 'loader-snowflake')
  await put(service.administrators.own.clients, raw, 'raw/agents/a=1/part.parquet')
  expect(await get(own, raw, 'raw/agents/a=1/part.parquet')).toBe('text')
  expect((await list(own, raw, 'raw/')).KeyCount).toBeGreaterThan(0)
  const request = new GetParameterCommand({ Name: pseudonymKeyParameter, WithDecryption: true })
  await expect(own.ssm.send(request)).rejects.toMatchObject(denied('ssm:GetParameter'))
  const migration = await actAs(service, 'loader-snowflake-migrate')
  const key = await migration.own.ssm.send(request)
  expect(key.Parameter).toMatchObject({
    Type: 'SecureString',
    Value: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
  })
  await expect(put(own, raw, 'raw/agents/a=1/x')).rejects.toMatchObject(denied('s3:PutObject'))
  await expect(put(migration.own, raw, 'raw/check')).rejects.toMatchObject(denied('s3:PutObject'))
})

test('the warehouse’s own role reads the raw zone and the quarantine, and does not list the whole bucket', async () => {
  const { own } = await actAs(service, 'snowflake-storage')
  await put(service.administrators.own.clients, raw, 'quarantine/agents/part.parquet')
  expect(await get(own, raw, 'quarantine/agents/part.parquet')).toBe('text')
  await expect(list(own, raw)).rejects.toMatchObject(denied('s3:ListBucket'))
})

test.each([
  ['a wrong secret', { secretAccessKey: 'wrong' }, 'SignatureDoesNotMatch'],
  ['a wrong session token', { sessionToken: 'wrong' }, 'InvalidToken'],
  ['an unknown key', { accessKeyId: 'ASIAAAAAAAAAAAAAAAAA' }, 'InvalidAccessKeyId'],
])('%s is refused', async (_, change, name) => {
  const credentials = credentialsOf(await service.assumeAppRole('extract-s3'))
  const clients = createAwsClients(service.endpoint, { ...credentials, ...change })
  await expect(get(clients, raw, 'raw/customers/x')).rejects.toMatchObject({ name })
})

test('the administrator’s secret is checked as well', async () => {
  const { credentials } = service.administrators.own
  const clients = createAwsClients(service.endpoint, { ...credentials, secretAccessKey: 'wrong' })
  await expect(get(clients, raw, 'x')).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' })
})

test('a request without credentials is refused', async () => {
  expect((await fetch(`${service.endpoint}/${raw}/raw/customers/x`)).status).toBe(403)
})

test('it cannot be reached from outside this machine', async () => {
  const outside = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)
  if (!outside) return
  const attempt = fetch(`http://${outside.address}:${service.port}/`, { signal: AbortSignal.timeout(2000) })
  await expect(attempt).rejects.toThrow()
})

test('both buckets lie in the region', async () => {
  const { own, source } = service.administrators
  for (const [{ clients }, Bucket] of [
    [own, raw],
    [source, lake],
  ] as const) {
    const { LocationConstraint } = await clients.s3.send(new GetBucketLocationCommand({ Bucket }))
    expect(LocationConstraint).toBe('eu-north-1')
  }
})

test('objects and the pseudonym key outlive a kill, sessions do not', async () => {
  const { own } = await actAs(service, 'extract-s3')
  const Key = 'raw/customers/ü+%: =/ß.json'
  await put(own, raw, Key, 'kept')
  const { ETag } = await own.s3.send(new HeadObjectCommand({ Bucket: raw, Key }))
  const keyFile = join(folder, 'secrets', 'pseudonym-key')
  const pseudonymKey = await readFile(keyFile, 'utf8')
  expect((await stat(keyFile)).mode & 0o777).toBe(0o600)
  const oldSession = credentialsOf(await service.assumeAppRole('extract-s3'))

  process.kill(service.pid, 'SIGKILL')
  await service.stop()
  service = await startLocalAws(folder)

  const again = await actAs(service, 'extract-s3')
  expect(await get(again.own, raw, Key)).toBe('kept')
  expect((await again.own.s3.send(new HeadObjectCommand({ Bucket: raw, Key }))).ETag).toBe(ETag)
  const loader = await actAs(service, 'loader-snowflake-migrate')
  const request = new GetParameterCommand({ Name: pseudonymKeyParameter, WithDecryption: true })
  expect((await loader.own.ssm.send(request)).Parameter?.Value).toBe(pseudonymKey)
  await expect(get(createAwsClients(service.endpoint, oldSession), raw, Key)).rejects.toMatchObject({
    name: 'InvalidAccessKeyId',
  })
})

test('nothing is written outside the sandbox’s folder', async () => {
  const names = await readdir(tmpdir())
  expect(names.filter((name) => name.startsWith(`ministack-${service.port}`))).toEqual([])
})
