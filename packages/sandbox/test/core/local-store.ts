import { type ClientTimeouts, createS3Client, createS3ObjectStore, type ObjectStore } from '@coretelecoms/core'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { vi } from 'vitest'
import { type AwsCredentials, awsEnvironment } from '../../src/services/aws/credentials.ts'
import type { AwsService } from '../../src/services/aws/start.ts'
import { bucketNames, region } from '../../src/services/aws/topology.ts'
import { startLocalAws } from '../services/aws/local-aws.ts'
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts'

/** The raw bucket of a local AWS, reached as an app reaches it but through a proxy that fails on demand. */
export interface LocalStore {
  readonly aws: AwsService
  readonly proxy: FaultProxy
  /** The raw bucket, under the administrator's key. */
  readonly store: ObjectStore
  /** A store under another key, of another bucket or with other timeouts. */
  openStore(options: StoreAccess): Promise<ObjectStore>
  stop(): Promise<void>
}

/** How a store is reached. */
export interface StoreAccess {
  readonly bucket?: string
  readonly credentials?: AwsCredentials
  readonly timeouts?: ClientTimeouts
}

/** Starts a local AWS in a folder of its own, and the proxy in front of it. */
export async function startLocalStore(): Promise<LocalStore> {
  const folder = await mkdtemp(join(tmpdir(), 'cx-core-'))
  const aws = await startLocalAws(folder)
  const proxy = await startFaultProxy(aws)
  const clients: { destroy(): void }[] = []
  const openStore: LocalStore['openStore'] = async ({ bucket = bucketNames.own, credentials, timeouts = {} }) => {
    const key = credentials ?? aws.administrators.own.credentials
    vi.stubEnv('AWS_SESSION_TOKEN', undefined)
    for (const [name, value] of Object.entries(awsEnvironment(proxy.endpoint, key))) vi.stubEnv(name, value)
    const client = createS3Client({ region }, timeouts)
    clients.push(client)
    // A client takes its key from the environment, as in an app, but when it first needs it.
    await client.config.credentials()
    return createS3ObjectStore(client, bucket)
  }
  return {
    aws,
    proxy,
    store: await openStore({}),
    openStore,
    async stop() {
      vi.unstubAllEnvs()
      for (const client of clients) client.destroy()
      await proxy.close()
      await aws.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
