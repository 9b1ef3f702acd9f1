import { type ChildProcess, spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { closeSync, openSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import getPort from 'get-port'
import pRetry from 'p-retry'
import type { TestProject } from 'vitest/node'

/** Where the services of a test run are. */
export interface Services {
  readonly awsEndpoint: string
  readonly snowflakePort: number
  readonly emulatorPid: number
  /** Private key of CX_LOADER, PEM. */
  readonly keyFile: string
  /** A private key that no user has. */
  readonly strangerKeyFile: string
}

declare module 'vitest' {
  interface ProvidedContext {
    services: Services
  }
}

/** Databases of the emulator: one a test file, so that files may run at the same time. */
export const databases = [
  'LOADING',
  'REFUSALS',
  'MIGRATIONS',
  'COMMANDS',
  'RUN_LOGS',
  'CONCURRENCY',
  'MANY_PARTS',
] as const

/** One of the test databases. */
export type DatabaseName = (typeof databases)[number]

const root = fileURLToPath(new URL('../../../..', import.meta.url))
const environments = process.env['CX_PYTHON_ENVIRONMENTS'] ?? join(root, '.sandbox', 'python')

/** Access key of the test account's root: its number. */
export const credentials = { AWS_ACCESS_KEY_ID: '222222222222', AWS_SECRET_ACCESS_KEY: 'test' } as const

/** Starts S3 with SSM and the Snowflake emulator before the first test of the run, and stops both after the last. */
export default async function startServices(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'loader-test-'))
  const [awsPort, snowflakePort] = [await getPort(), await getPort()]
  const awsEndpoint = `http://127.0.0.1:${awsPort}`
  const [keyFile, publicKeyFile] = await writeKeyPair(folder, 'loader')
  const [strangerKeyFile] = await writeKeyPair(folder, 'stranger')
  const aws = await start({
    name: 'aws',
    args: ['-m', 'local_aws'],
    env: {
      GATEWAY_PORT: String(awsPort),
      BIND_HOST: '127.0.0.1',
      AUTH: 'true',
      MINISTACK_REGION: 'eu-north-1',
      IOT_MTLS_ENABLED: '0',
      SFTP_ENABLED: '0',
      TMPDIR: folder,
    },
    folder,
    healthUrl: `${awsEndpoint}/_ministack/health`,
  })
  const emulator = await start({
    name: 'emulator',
    args: [
      ...['-m', 'emulator', '--port', String(snowflakePort), '--data', join(folder, 'warehouse')],
      ...['--user', `CX_LOADER=${publicKeyFile}`, '--s3-endpoint', awsEndpoint, '--abandoned-after', '1'],
      ...databases.flatMap((database) => ['--database', database]),
    ],
    env: { AWS_REGION: 'eu-north-1', ...credentials },
    folder,
    healthUrl: `http://127.0.0.1:${snowflakePort}/health`,
  }).catch(async (error: unknown) => {
    await stop(aws)
    throw error
  })
  project.provide('services', {
    awsEndpoint,
    snowflakePort,
    emulatorPid: emulator.pid ?? 0,
    keyFile,
    strangerKeyFile,
  })
  return async () => {
    await Promise.all([stop(aws), stop(emulator)])
    await rm(folder, { recursive: true, force: true })
  }
}

interface StartOptions {
  name: 'aws' | 'emulator'
  args: string[]
  env: Record<string, string>
  folder: string
  healthUrl: string
}

async function start({ name, args, env, folder, healthUrl }: StartOptions): Promise<ChildProcess> {
  const logFile = join(folder, `${name}.log`)
  const log = openSync(logFile, 'a')
  const child = spawn(join(environments, name, 'bin', 'python'), args, {
    env: {
      PATH: process.env['PATH'] ?? '',
      PYTHONPATH: join(root, 'packages', 'sandbox', 'python'),
      PYTHONDONTWRITEBYTECODE: '1',
      ...env,
    },
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  const failed = new Promise<never>((_, reject) => {
    child.once('error', (cause) => {
      reject(
        new Error(`${name} does not start: run npm test once at the top, it makes the Python environments`, { cause }),
      )
    })
  })
  const healthy = pRetry(() => requireAnswer(healthUrl), { retries: 100, minTimeout: 100, factor: 1 })
  await Promise.race([healthy, failed]).catch(async (cause: unknown) => {
    child.kill()
    throw new Error(`${name} is not healthy: ${await readFile(logFile, 'utf8')}`, { cause })
  })
  return child
}

async function requireAnswer(url: string): Promise<void> {
  const response = await fetch(url, { signal: AbortSignal.timeout(2000) })
  if (!response.ok) throw new Error(`${url} answered ${response.status}`)
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
  await exit
  clearTimeout(timer)
}

async function writeKeyPair(folder: string, name: string): Promise<[privateFile: string, publicFile: string]> {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const files = [join(folder, `${name}.p8`), join(folder, `${name}.pub`)] as const
  await writeFile(files[0], pair.privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
  await writeFile(files[1], pair.publicKey.export({ type: 'spki', format: 'pem' }))
  return [...files]
}
