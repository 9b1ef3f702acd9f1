import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import {
  createS3ObjectStore,
  type ExitCode,
  type ObjectStore,
  type PartitionResult,
  runProgram,
  type RunResult,
} from '@coretelecoms/core'
import { inject } from 'vitest'
import { loader } from '../../src/app.ts'
import { loaderSettings } from '../../src/settings.ts'
import { openSnowflake } from '../../src/snowflake-warehouse.ts'
import type { Row, Warehouse } from '../../src/warehouse.ts'
import { credentials, type DatabaseName } from './services.ts'

/** How a run of the loader ended. */
export interface Ended {
  readonly exitCode: ExitCode
  readonly run: RunResult
  readonly results: readonly PartitionResult[]
  /** What failed, as it was told. */
  readonly problems: readonly string[]
  readonly stderr: string
}

/** One database, one bucket, and the loader that fills the one from the other. */
export interface World {
  readonly store: ObjectStore
  readonly environment: Readonly<Record<string, string>>
  readonly warehouse: Warehouse
  /** Runs the loader in this process. */
  load(args: readonly string[], environment?: Readonly<Record<string, string>>): Promise<Ended>
  /** Runs the loader and throws when it does not end with 0. */
  loadWell(args: readonly string[]): Promise<void>
  query(sql: string): Promise<Row[]>
  putObject(key: string, body: Uint8Array): Promise<void>
  deleteObject(key: string): Promise<void>
  close(): Promise<void>
}

const region = 'eu-north-1'
export const pseudonymKey = 'a pseudonym key that is only for tests'

/** Makes the world of a test file: an empty bucket, the pseudonym key, an open session. */
export async function createWorld(database: DatabaseName): Promise<World> {
  const services = inject('services')
  const bucket = `raw-zone-${database.toLowerCase().replaceAll('_', '-')}`
  const environment = {
    ...credentials,
    AWS_REGION: region,
    AWS_ENDPOINT_URL_S3: services.awsEndpoint,
    AWS_ENDPOINT_URL_SSM: services.awsEndpoint,
    CX_RAW_BUCKET: bucket,
    CX_SNOWFLAKE_ACCOUNT: 'sandbox',
    CX_SNOWFLAKE_USER: 'CX_LOADER',
    CX_SNOWFLAKE_PRIVATE_KEY_FILE: services.keyFile,
    CX_SNOWFLAKE_ROLE: 'CX_LOADER',
    CX_SNOWFLAKE_WAREHOUSE: 'CX_WH',
    CX_SNOWFLAKE_DATABASE: database,
    CX_SNOWFLAKE_HOST: '127.0.0.1',
    CX_SNOWFLAKE_PORT: String(services.snowflakePort),
    CX_SNOWFLAKE_PROTOCOL: 'http',
    CX_SNOWFLAKE_STORAGE_INTEGRATION: 'CX_RAW_ZONE',
  }
  // The AWS clients read endpoints and credentials from the environment of the process.
  Object.assign(process.env, environment)
  const s3 = new S3Client({ region, endpoint: services.awsEndpoint, forcePathStyle: true })
  await s3.send(new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: { LocationConstraint: region } }))
  const ssm = new SSMClient({ region, endpoint: services.awsEndpoint })
  await ssm.send(
    new PutParameterCommand({
      Name: '/coretelecoms/warehouse/pseudonym_key',
      Value: pseudonymKey,
      Type: 'SecureString',
      Overwrite: true,
    }),
  )
  const warehouse = await openSnowflake({
    settings: loaderSettings.parse(environment),
    tag: { app: 'test' },
    signal: new AbortController().signal,
  })
  return {
    store: createS3ObjectStore(s3, bucket),
    environment,
    warehouse,
    load: (args, changed = {}) => runLoader(args, { ...environment, ...changed }),
    async loadWell(args) {
      const { exitCode, problems } = await runLoader(args, environment)
      if (exitCode !== 0) throw new Error(`${args.join(' ')} ended with ${exitCode}: ${problems.join('; ')}`)
    },
    query: (sql) => warehouse.execute(sql),
    async putObject(Key, Body) {
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }))
    },
    async deleteObject(Key) {
      await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key }))
    },
    async close() {
      await warehouse.close()
      s3.destroy()
      ssm.destroy()
    },
  }
}

async function runLoader(args: readonly string[], environment: Readonly<Record<string, string>>): Promise<Ended> {
  const folder = mkdtempSync(join(tmpdir(), 'loader-stderr-'))
  const file = join(folder, 'stderr')
  const fd = openSync(file, 'a')
  let stdout = ''
  try {
    const exitCode = await runProgram(loader, {
      argv: args,
      environment,
      stdout: { write: (text) => (stdout += text) },
      stderr: { fd, isTTY: false, write: () => true } as unknown as NodeJS.WriteStream,
      signal: new AbortController().signal,
    })
    const run = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as RunResult
    const problems = [run, ...run.results].flatMap(({ error }) => (error ? [error.message] : []))
    return { exitCode, run, results: run.results, problems, stderr: readFileSync(file, 'utf8') }
  } finally {
    closeSync(fd)
    rmSync(folder, { recursive: true })
  }
}
