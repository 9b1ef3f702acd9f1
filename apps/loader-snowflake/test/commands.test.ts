import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { callLogs } from '@coretelecoms/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { publishDay } from './world/publish.ts'
import { callRows } from './world/rows.ts'
import { createWorld, type World } from './world/world.ts'

let world: World
let folder: string

beforeAll(async () => {
  world = await createWorld('COMMANDS')
  folder = await mkdtemp(join(tmpdir(), 'run-log-'))
})

afterAll(async () => {
  await rm(folder, { recursive: true })
  await world.close()
})

test('check asks for migrate before there is a table, and is content after it', async () => {
  expect(await world.load(['check'])).toMatchObject({ exitCode: 2, run: { error: { code: 'migrate' } } })
  expect(await world.load(['migrate'])).toMatchObject({ exitCode: 0, problems: [] })
  expect(await world.load(['check'])).toMatchObject({ exitCode: 0, problems: [] })
})

test('check names a database and an SSM parameter that are not there', async () => {
  const database = await world.load(['check'], { CX_SNOWFLAKE_DATABASE: 'NOWHERE' })
  expect(database.exitCode).toBe(2)
  expect(database.problems.join()).toContain('NOWHERE')
  const parameter = await world.load(['check'], { CX_PSEUDONYM_KEY_PARAMETER: '/not/there' })
  expect(parameter).toMatchObject({ exitCode: 2, run: { error: { code: 'no_parameter' } } })
})

function partitionLine(facts: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ type: 'partition', app: 'extract-s3', run_id: 'r1', exit_code: 0, ...facts })
}

test('what the extractors wrote is in the run log once, but for what was unchanged or not there yet', async () => {
  const file = join(folder, 'runs.jsonl')
  const error = { code: 'header', message: 'call_logs 2025-11-21: column "agent_id" is missing', is_retryable: false }
  await writeFile(
    file,
    [
      partitionLine({ dataset: 'call_logs', date: '2025-11-20', status: 'published' }),
      partitionLine({ dataset: 'call_logs', date: '2025-11-21', status: 'failed', error }),
      partitionLine({ dataset: 'call_logs', date: '2025-11-22', status: 'not_delivered' }),
      partitionLine({ dataset: 'customers', date: '2025-11-20', status: 'unchanged' }),
      JSON.stringify({ type: 'run', app: 'extract-s3', command: 'run', run_id: 'r1', exit_code: 2, results: [] }),
      JSON.stringify({
        type: 'run',
        app: 'extract-sheets',
        command: 'run',
        run_id: 'r2',
        exit_code: 2,
        results: [],
        error,
      }),
      '',
    ].join('\n'),
  )
  await publishDay({ store: world.store, dataset: callLogs, date: '2025-11-20', rows: callRows(1, 2), version: 'v1' })
  const args = ['run', '--dataset', 'call_logs', '--date', '2025-11-20', '--run-log', file, '--run-id', 'l1']
  expect(await world.load(args)).toMatchObject({ exitCode: 0, problems: [] })
  const log =
    'SELECT run_id, app, command, dataset, partition_date, status, error_code FROM OPS.RUN_LOG ORDER BY 1, 5, 2'
  const rows = await world.query(log)
  const common = { run_id: 'r1', app: 'extract-s3', command: 'run', dataset: 'call_logs' }
  expect(rows).toHaveLength(4)
  expect(rows).toEqual(
    expect.arrayContaining([
      {
        ...common,
        run_id: 'l1',
        app: 'loader-snowflake',
        partition_date: '2025-11-20',
        status: 'loaded',
        error_code: null,
      },
      { ...common, partition_date: '2025-11-20', status: 'published', error_code: null },
      { ...common, partition_date: '2025-11-21', status: 'failed', error_code: 'header' },
      {
        ...common,
        run_id: 'r2',
        app: 'extract-sheets',
        dataset: null,
        partition_date: null,
        status: 'failed',
        error_code: 'header',
      },
    ]),
  )
  expect(await world.load(args)).toMatchObject({ exitCode: 0, results: [{ status: 'unchanged' }] })
  expect(await world.query(log)).toEqual(rows)
})

test('a run log that is something else is refused with its line', async () => {
  const file = join(folder, 'odd.jsonl')
  await writeFile(file, 'hello\n')
  const ended = await world.load(['run', '--date', '2025-11-20', '--run-log', file])
  expect(ended).toMatchObject({ exitCode: 2, run: { error: { code: 'run_log' } } })
  expect(ended.problems.join()).toContain('line 1')
})

test('an unknown flag and an unknown dataset end with 2', async () => {
  const ended = await world.load(['run', '--dataset', 'nothing', '--date', '2025-11-20'])
  expect(ended).toMatchObject({ exitCode: 2, run: { error: { code: 'dataset' } } })
})
