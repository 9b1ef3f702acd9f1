import { generateKeyPairSync } from 'node:crypto'
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listRawZone } from '../e2e/extractors/raw-zone.ts'
import { expectFigures } from '../e2e/platform/expect-figures.ts'
import { readSourcesFolder } from '../src/world/read-sources-folder.ts'
import { expectedFigures } from '../src/world/truth/expected-figures.ts'
import { openSmallWorld, type SmallWorld } from './open-small-world.ts'
import { startSlowProxy } from './slow-proxy.ts'
import { resultOf, runStep, startStep, type StepContainer } from './step-container.ts'

const extractors = ['extract-s3', 'extract-postgres', 'extract-sheets'] as const

let world: SmallWorld
beforeAll(async () => {
  world = await openSmallWorld()
})
afterAll(() => world.stop())

async function rawZone(): Promise<string[]> {
  return listRawZone(world.services.aws.administrators.own.clients.s3)
}

/** Waits for something that a running step does; a step that ends before it has failed. */
async function waitUntil(step: StepContainer, isReached: () => boolean): Promise<void> {
  const end = new AbortController()
  void step.ended.then(() => {
    end.abort()
  })
  while (!isReached()) {
    if (end.signal.aborted) throw new Error(`the step ended before it was stopped: ${step.output()}`)
    await wait(20)
  }
}

// In order: each goes on from what the one before left.
describe('the steps, each in a container', () => {
  test('an extractor that is stopped in the middle of a delivery publishes nothing and ends in time', async () => {
    const proxy = await startSlowProxy({ port: world.services.aws.port, bytesASecond: 20_000 })
    const words = ['run', '--dataset', 'customers', '--date', '2025-11-20']
    const step = startStep({ ...world.stepRun('extract-s3', words), environment: { AWS_ENDPOINT_URL_S3: proxy.url } })
    try {
      await waitUntil(step, () => proxy.passed() > 40_000)
      const startedAt = performance.now()
      await step.stop(10)
      expect(performance.now() - startedAt).toBeLessThan(8_000)
      const end = await step.ended
      expect(end.exitCode).toBe(1)
      expect(resultOf(end)).toMatchObject({ exit_code: 1 })
      expect(end.stdout).toContain('stopped by SIGTERM')
      expect(await rawZone()).toEqual([])
    } finally {
      await step.remove()
      await proxy.close()
    }
  })

  test.each(extractors)('%s with a wrong secret ends with exit code 2 and publishes nothing', async (app) => {
    const end = await runStep({
      ...world.stepRun(app, ['run', '--date', '2025-11-20']),
      environment: { AWS_SECRET_ACCESS_KEY: 'not-the-secret' },
    })
    expect(end.exitCode).toBe(2)
    expect(end.stdout).toContain('"credentials"')
    expect(end.stdout + end.stderr).not.toContain('not-the-secret')
    expect(await rawZone()).toEqual([])
  })

  test.each(extractors)('%s lands its three days, and changes nothing outside its scratch folder', async (app) => {
    const step = startStep(world.stepRun(app, ['run', '--date', world.dates, '--run-id', uuidv7()]))
    try {
      const end = await step.ended
      const changes = await step.changes()
      // The last day of the social media is the late one of this world.
      expect(end, end.stderr).toMatchObject({ exitCode: app === 'extract-s3' ? 3 : 0 })
      expect(end.stdout).toContain('"published"')
      // An engine makes the places that it mounts something at.
      const mounts =
        /^[AC] \/(?:dev|etc|proc|run|scratch|sys|tmp|var|var\/tmp|run\/secrets|etc\/(?:hosts|hostname|resolv\.conf))$/
      expect(changes.filter((line) => !mounts.test(line))).toEqual([])
    } finally {
      await step.remove()
    }
  })

  test('the loader makes its tables and loads what is published', async () => {
    const migration = await world.run('loader-snowflake', ['migrate'], 'loader-snowflake-migrate')
    expect(migration, migration.stderr).toMatchObject({ exitCode: 0 })
    const load = await world.run('loader-snowflake', ['run', '--date', world.dates])
    expect(load, load.stderr).toMatchObject({ exitCode: 3 })
    expect(load.stdout).toContain('"loaded"')
    expect(load.stdout).not.toContain('"failed"')
  })

  test('the loader and dbt with a key that nobody registered end with exit code 2', async () => {
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    })
    const { secretsDirectory } = world.stepRun('dbt', [])
    const file = join(secretsDirectory ?? '', 'stranger.p8')
    await writeFile(file, privateKey)
    await chmod(file, 0o444)
    const environment = { CX_SNOWFLAKE_PRIVATE_KEY_FILE: '/run/secrets/stranger.p8' }
    const load = await runStep({ ...world.stepRun('loader-snowflake', ['run', '--date', world.dates]), environment })
    expect(load, load.stderr).toMatchObject({ exitCode: 2 })
    const models = await runStep({ ...world.stepRun('dbt', ['--exclude-unit-tests']), environment })
    expect(models, models.stderr).toMatchObject({ exitCode: 2 })
  })

  test('dbt that is stopped between two models ends in time and says so', async () => {
    const step = startStep(world.stepRun('dbt', ['--exclude-unit-tests']))
    try {
      await waitUntil(step, () => /"status": ?"success"/.test(step.output()))
      const startedAt = performance.now()
      await step.stop(20)
      expect(performance.now() - startedAt).toBeLessThan(15_000)
      expect(await step.ended).toMatchObject({ exitCode: 1 })
    } finally {
      await step.remove()
    }
  })

  test('dbt builds the marts, with the figures that are worked out from the files outside the platform', async () => {
    const build = await world.run('dbt', ['--exclude-unit-tests'])
    expect(build, build.stderr.slice(-2000)).toMatchObject({ exitCode: 0 })
    expect(resultOf(build)).toMatchObject({ exit_code: 0, failed: 0 })
    // Only then may another process open its file.
    await world.services.snowflake.stop()
    await expectFigures(world.folder, await expectedFigures(await readSourcesFolder(join(world.folder, 'world'))))
  })
})
