import type { RunResult } from '@coretelecoms/core'
import { generateKeyPairSync } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AppName } from '../../src/platform/run-app.ts'
import { putParameters } from '../../src/services/aws/parameters.ts'
import { databaseParameterPath } from '../../src/services/aws/topology.ts'
import { startPostgres } from '../../src/services/postgres/start.ts'
import { listRawZone } from '../extractors/raw-zone.ts'
import { type RunningServices, startRunningServices } from './running-services.ts'

const day = '2025-11-20'
const landing = ['run', '--date', day]
const extractors = ['extract-s3', 'extract-postgres', 'extract-sheets'] as const

let running: RunningServices
/** A key that nobody registered, as PEM. */
const strangerKey = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
}).privateKey

beforeAll(async () => {
  running = await startRunningServices(day)
  for (const app of extractors) await mustSucceed(app, landing)
  await mustSucceed('loader-snowflake', ['migrate'])
})
afterAll(() => running.stop())

async function mustSucceed(app: AppName, words: readonly string[]): Promise<void> {
  const { exit_code: exitCode, error } = await running.run(app, words)
  if (exitCode !== 0) throw new Error(`${app} ended with exit code ${exitCode}: ${error?.message ?? 'see its results'}`)
}

/** What a run says of its failures, each once. */
function failureOf({ exit_code, error, results }: RunResult): { exitCode: number; codes: string[]; text: string } {
  const errors = [error, ...results.map((result) => result.error)].filter((each) => each !== undefined)
  const codes = [...new Set(errors.map(({ code }) => code))]
  return { exitCode: exit_code, codes, text: errors.map(({ message }) => message).join('\n') }
}

async function rawZone(): Promise<string[]> {
  return listRawZone(running.services.aws.administrators.own.clients.s3)
}

/** Runs an app that must fail, and proves that nothing was published. */
async function fail(app: AppName, environment: Record<string, string> = {}): Promise<ReturnType<typeof failureOf>> {
  const before = await rawZone()
  const words = app === 'loader-snowflake' ? landing : [...landing, '--force']
  const failure = failureOf(await running.run(app, words, environment))
  expect(await rawZone()).toEqual(before)
  // Nobody's secret stands in a message or a log.
  const log = await readFile(join(running.folder, 'logs', `${app}.log`), 'utf8')
  for (const secret of [running.services.postgres.reader.password, 'wrong-secret', strangerKey.slice(60, 120)]) {
    expect(failure.text + log).not.toContain(secret)
  }
  return failure
}

describe('a wrong credential is exit 2, and nothing is published', () => {
  test.each([...extractors, 'loader-snowflake'] as const)('of AWS, by %s', async (app) => {
    const failure = await fail(app, { AWS_SECRET_ACCESS_KEY: 'wrong-secret' })
    expect(failure).toMatchObject({ exitCode: 2, codes: ['credentials'] })
    expect(failure.text).toMatch(/the AWS credentials were refused .*; check the key, its secret and its expiry/)
  })

  test('of Postgres, as SSM has it', async () => {
    const { ssm } = running.services.aws.administrators.source.clients
    const parameter = `${databaseParameterPath}db_password`
    await putParameters(ssm, { [parameter]: 'wrong-secret' })
    try {
      const failure = await fail('extract-postgres')
      expect(failure.exitCode).toBe(2)
      expect(failure.text).toMatch(/password/)
    } finally {
      await putParameters(ssm, { [parameter]: running.services.postgres.reader.password })
    }
    expect(await running.run('extract-postgres', landing)).toMatchObject({ exit_code: 0 })
  })

  test('of Google: a key that is not registered', async () => {
    const known = JSON.parse(await readFile(running.services.sheets.serviceAccountFile, 'utf8')) as object
    const file = join(running.folder, 'stranger.json')
    await writeFile(file, JSON.stringify({ ...known, private_key: strangerKey }))
    const failure = await fail('extract-sheets', { GOOGLE_APPLICATION_CREDENTIALS: file })
    expect(failure).toMatchObject({ exitCode: 2, codes: ['credentials'] })
  })

  test('of Snowflake: a key that is not registered', async () => {
    const file = join(running.folder, 'stranger.p8')
    await writeFile(file, strangerKey)
    const failure = await fail('loader-snowflake', { CX_SNOWFLAKE_PRIVATE_KEY_FILE: file })
    expect(failure).toMatchObject({ exitCode: 2, codes: ['login_refused'] })
    expect(failure.text).toContain('CX_SNOWFLAKE_PRIVATE_KEY_FILE')
  })
})

// Each stops one more; AWS goes last, because all the others speak to it.
describe('a server that is down is exit 1, and nothing is published', () => {
  test('Postgres, and once it is back the same run goes through', async () => {
    const { postgres } = running.services
    await postgres.stop()
    const failure = await fail('extract-postgres')
    expect(failure.exitCode).toBe(1)
    expect(failure.text).toMatch(/ECONNREFUSED/)

    const restarted = await startPostgres({ sandboxDirectory: running.folder, port: postgres.port })
    try {
      const result = await running.run('extract-postgres', [...landing, '--force'])
      expect(result).toMatchObject({ exit_code: 0, results: [{ status: 'published' }] })
    } finally {
      await restarted.stop()
    }
  })

  test('Google Sheets', async () => {
    await running.services.sheets.stop()
    const failure = await fail('extract-sheets', { CX_SHEETS_RETRIES: '0' })
    expect(failure.exitCode).toBe(1)
    expect(failure.text).toMatch(/ECONNREFUSED/)
  })

  test('Snowflake', async () => {
    await running.services.snowflake.stop()
    const failure = await fail('loader-snowflake')
    expect(failure).toMatchObject({ exitCode: 1, codes: ['warehouse'] })
  })

  test('AWS', async () => {
    await running.services.aws.stop()
    const failures = await Promise.all(extractors.map(async (app) => failureOf(await running.run(app, landing))))
    expect(failures.map(({ exitCode }) => exitCode)).toEqual([1, 1, 1])
    for (const { text } of failures) expect(text).toMatch(/ECONNREFUSED/)
  })
})
