import { execa } from 'execa'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { repositoryRoot } from '../../src/platform/repository.ts'
import { listProcesses } from '../../src/supervisor/process-family.ts'
import { type RunProcess, spawnRun } from './start-run.ts'

const day = '2025-11-20'
const record = z.object({ pid: z.int() })

let folder: string
let settings: string
let run: RunProcess
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cx-e2e-'))
  settings = join(folder, 'settings')
  const world = ['--scale', '0.0005', '--days', '1']
  run = spawnRun(join(folder, 'sandbox'), ['services', '--settings', settings, ...world])
  const [said] = (await once(run.stdout, 'data')) as [Buffer]
  if (String(said) !== 'ready\n') throw new Error(`the services mode said ${String(said)}`)
})
afterAll(async () => {
  run.kill('SIGTERM')
  await run.ended
  await rm(folder, { recursive: true, force: true })
})

async function readSettings(step: string): Promise<Record<string, string>> {
  const lines = (await readFile(join(settings, `${step}.env`), 'utf8')).trimEnd().split('\n')
  return Object.fromEntries(lines.map((line) => [line.split('=')[0] ?? '', line.slice(line.indexOf('=') + 1)]))
}

test('there is a file a step, for its owner only, and the daily loader is not the owner of the schemas', async () => {
  expect((await readdir(settings)).sort()).toEqual([
    'dbt.env',
    'extract-postgres.env',
    'extract-s3.env',
    'extract-sheets.env',
    'loader-snowflake-migrate.env',
    'loader-snowflake.env',
  ])
  for (const name of await readdir(settings)) expect((await stat(join(settings, name))).mode & 0o777).toBe(0o600)
  expect((await readSettings('loader-snowflake'))['CX_SNOWFLAKE_USER']).toBe('CX_LOADER')
  expect((await readSettings('loader-snowflake-migrate'))['CX_SNOWFLAKE_USER']).toBe('CX_ADMIN')
  expect((await readSettings('dbt'))['CX_SNOWFLAKE_USER']).toBe('CX_TRANSFORMER')
})

test.each(['extract-s3', 'extract-postgres', 'extract-sheets'])(
  'with its file alone %s reaches its source',
  async (app) => {
    const program = join(repositoryRoot, 'apps', app, 'dist', 'main.js')
    const { exitCode, stderr } = await execa(process.execPath, [program, 'check', '--date', day], {
      env: await readSettings(app),
      extendEnv: false,
      reject: false,
    })
    expect(stderr).toContain('are in order')
    expect(exitCode).toBe(0)
  },
)

test('SIGTERM ends it and every service', async () => {
  const records = join(folder, 'sandbox', 'run')
  const names = await readdir(records)
  expect(names.sort()).toEqual(['aws.json', 'postgres.json', 'sheets.json', 'snowflake.json'])
  const pids = await Promise.all(
    names.map(async (name) => record.parse(JSON.parse(await readFile(join(records, name), 'utf8'))).pid),
  )
  run.kill('SIGTERM')
  expect((await run.ended).exitCode).toBe(143)
  expect(await readdir(records)).toEqual([])
  const left = (await listProcesses()).map(({ pid }) => pid)
  expect(pids.filter((pid) => left.includes(pid))).toEqual([])
})
