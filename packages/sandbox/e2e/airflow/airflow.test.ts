import { ListObjectsV2Command } from '@aws-sdk/client-s3'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DagRun } from '../../src/airflow/runs.ts'
import { listRuns, triggerPartition } from '../../src/airflow/runs.ts'
import { bucketNames } from '../../src/services/aws/topology.ts'
import { readSourcesFolder } from '../../src/world/read-sources-folder.ts'
import { expectedFigures } from '../../src/world/truth/expected-figures.ts'
import { expectFigures } from '../platform/expect-figures.ts'
import { queryWarehouse } from '../platform/warehouse-file.ts'
import { killStep } from './kill-step.ts'
import { firstDay, lastDay, type RunningPlatform, startPlatform } from './running-platform.ts'
import { createTaskProbe, type TaskProbe } from './task-probe.ts'

const days = [firstDay, '2025-11-21', lastDay] as const

// One Airflow for all, and each test goes on from where the one before it left off.
describe('three days under a real scheduler', () => {
  let platform: RunningPlatform
  let probe: TaskProbe
  let killings: Promise<[string, string]>
  const runs = new Map<string, DagRun>()
  const runOf = (day: string): DagRun => {
    const run = runs.get(day)
    if (!run) throw new Error(`the backfill made no run of ${day}`)
    return run
  }
  beforeAll(async () => {
    platform = await startPlatform()
    probe = createTaskProbe(platform.airflow.api)
  })
  afterAll(() => platform.stop())

  const scheduler = (): number => platform.airflow.components.get('scheduler')?.pid ?? 0

  test("Airflow's own backfill makes a run a day", async () => {
    const { airflow } = platform
    killings = Promise.all([
      killStep({ scheduler: scheduler(), words: ['call_logs', days[1], 'run'], victim: 'step' }),
      killStep({ scheduler: scheduler(), words: ['web_forms', days[0], 'run'], victim: 'supervisor' }),
    ])
    await triggerPartition(airflow.api, 'ingest_static', firstDay)
    await airflow.api.send('POST', 'backfills', {
      ...{ dag_id: 'ingest_daily', from_date: `${firstDay}T00:00:00Z`, to_date: `${lastDay}T00:00:00Z` },
      ...{ reprocess_behavior: 'none', max_active_runs: 3 },
    })
    for (const day of days) runs.set(day, await probe.findRun('ingest_daily', day))
    expect(await listRuns(airflow.api, 'ingest_daily')).toHaveLength(3)
    expect(runOf(firstDay).run_type).toBe('backfill')
  })

  test('a day that is not delivered waits without using up a try', async () => {
    const late = { run: runOf(lastDay), task: 'social_media.extract' }
    const { try_number: tryNumber } = await probe.awaitState(late, 'up_for_reschedule')
    expect(tryNumber).toBe(1)
    expect(Date.now()).toBeLessThan(platform.lastDayDueMs)
  })

  test('a step and a supervisor that are killed are tried again', async () => {
    const [step, supervised] = await killings
    expect(step).toContain('extract-s3')
    expect(supervised).toContain('extract-postgres')
    expect(await probe.awaitRun(runOf(days[0]))).toBe('success')
    expect(await probe.awaitRun(runOf(days[1]))).toBe('success')
    const killed = { run: runOf(days[1]), task: 'call_logs.extract' }
    expect(await probe.read(killed)).toMatchObject({ state: 'success', try_number: 2 })
    expect(await probe.log(killed, 1)).toContain('killed by SIGKILL')
    const orphaned = { run: runOf(days[0]), task: 'web_forms.extract' }
    expect(await probe.read(orphaned)).toMatchObject({ state: 'success', try_number: 2 })
    expect(await probe.awaitRun(await probe.findRun('ingest_static', firstDay))).toBe('success')
  })

  test('the result of a step is the XCom of its task', async () => {
    expect(await probe.result({ run: runOf(firstDay), task: 'call_logs.load' })).toMatchObject({
      app: 'loader-snowflake',
      exit_code: 0,
      results: [{ dataset: 'call_logs', date: firstDay, status: 'loaded' }],
    })
  })

  test('the rest of a day goes on while a part of it is late', async () => {
    for (const task of ['call_logs.load', 'web_forms.load']) {
      expect(await probe.awaitState({ run: runOf(lastDay), task }, 'success')).toMatchObject({ try_number: 1 })
    }
  })

  test('a source that is down is tried again until it is back', async () => {
    const reader = { run: runOf(firstDay), task: 'web_forms.extract' }
    const before = await probe.read(reader)
    await platform.leadAstray(true)
    await probe.clear(reader)
    const failed = await probe.awaitState(reader, 'up_for_retry')
    const log = await probe.log(reader, failed.try_number)
    expect(log).toContain('a retry may help (exit code 1)')
    expect(log).toMatch(/ECONNREFUSED|refused|cannot be reached|does not answer/)
    await platform.leadAstray(false)
    const mended = await probe.awaitState(reader, 'success')
    expect(failed.try_number).toBeGreaterThan(before.try_number)
    expect(mended.try_number).toBeGreaterThan(failed.try_number)
  })

  test('a wrong credential fails at once and says so', async () => {
    const reader = { run: runOf(firstDay), task: 'web_forms.extract' }
    const before = await probe.read(reader)
    // Not that of extract-s3, which asks for the late delivery meanwhile.
    const file = join(platform.folder, 'env', 'extract-postgres.env')
    const settings = await readFile(file, 'utf8')
    const wrong = settings.replace(/^(AWS_SECRET_ACCESS_KEY=).*$/m, '$1wrong')
    expect(wrong).not.toBe(settings)
    await writeFile(file, wrong)
    await probe.clear(reader)
    const failed = await probe.awaitState(reader, 'failed')
    expect(failed.try_number).toBe(before.try_number + 1)
    expect(failed.max_tries).toBeGreaterThan(failed.try_number)
    expect(await probe.log(reader, failed.try_number)).toContain('a retry cannot help (exit code 2)')

    await platform.restoreSettings()
    await probe.clear(reader, { downstream: true })
    expect(await probe.awaitRun(runOf(firstDay))).toBe('success')
  })

  test('a day that is not delivered by its deadline is a failure that says what to do', async () => {
    const late = { run: runOf(lastDay), task: 'social_media.extract' }
    const { try_number: tryNumber } = await probe.awaitState(late, 'failed')
    expect(tryNumber).toBe(1)
    expect(Date.now()).toBeGreaterThanOrEqual(platform.lastDayDueMs)
    const log = await probe.log(late, tryNumber)
    expect(log).toContain(`social_media ${lastDay} was not delivered by`)
    expect(log).toContain('airflow backfill create')
    expect(await probe.awaitRun(runOf(lastDay))).toBe('failed')
  })

  test('the late delivery comes in when its task is cleared, and the models are built once for it', async () => {
    const { airflow } = platform
    await platform.deliverLate()
    await airflow.api.send('PATCH', 'dags/transform', { is_paused: false })
    await probe.clear({ run: runOf(lastDay), task: 'social_media.extract' }, { downstream: true })
    expect(await probe.awaitRun(runOf(lastDay))).toBe('success')
    const [run] = await listRuns(airflow.api, 'transform')
    const built = run ?? (await probe.findRun('transform', lastDay))
    expect(await probe.awaitRun(built)).toBe('success')
    expect(await probe.states(built)).toMatchObject({ dbt: 'success' })
    expect(await probe.result({ run: built, task: 'dbt' })).toMatchObject({ exit_code: 0, failed: 0 })
  })

  test('each publication stands once in the raw zone, killed tries or not', async () => {
    const { s3 } = platform.services.aws.administrators.own.clients
    const { Contents: objects = [] } = await s3.send(
      new ListObjectsV2Command({ Bucket: bucketNames.own, Prefix: 'raw/' }),
    )
    const manifests = objects.flatMap(({ Key: key = '' }) => (key.endsWith('/manifest.json') ? [key] : []))
    const partitions = manifests.map((key) => key.split('/load=')[0]).sort()
    expect(partitions).toHaveLength(11)
    expect(new Set(partitions).size).toBe(11)
  })

  test('the marts have the figures that are worked out from the files outside the platform', async () => {
    const figures = await expectedFigures(await readSourcesFolder(platform.worldFolder))
    // The warehouse can be opened once it is stopped.
    await platform.stopServices()
    await expectFigures(platform.folder, figures)
    const loads = await queryWarehouse(
      platform.folder,
      'SELECT dataset, partition_date::VARCHAR AS day, count(*) AS loads FROM ops.load_ledger GROUP BY 1, 2',
    )
    expect(loads).toHaveLength(11)
    expect(loads.filter((row) => Object.values(row).at(-1) !== 1)).toEqual([])
  })
})
