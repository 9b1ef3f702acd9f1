import { execa } from 'execa'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { repositoryRoot } from '../../src/platform/repository.ts'
import { type RunProcess, spawnRun } from '../platform/start-run.ts'
import { queryPairs } from '../platform/warehouse-file.ts'

const runbook = await readFile(join(repositoryRoot, 'docs', 'runbook.md'), 'utf8')
/** The blocks that are to be run, in the order of the page; they may stand under the number of a list. */
const blocks = [...runbook.matchAll(/^( *)```sh run\n([^]*?)^\1```$/gm)].map(([, indent = '', block = '']) =>
  block.replaceAll(new RegExp(`^${indent}`, 'gm'), '').trim(),
)

let folder: string
let services: RunProcess
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cx-e2e-'))
  // What the commands name stands where they look for it; what they write does not reach the repository.
  for (const name of ['apps', 'dbt', '.sandbox']) await symlink(join(repositoryRoot, name), join(folder, name))
  const words = ['services', '--settings', join(folder, 'settings'), '--scale', '0.0005', '--days', '3', '--seed', '3']
  services = spawnRun(join(folder, 'world'), words)
  const [said] = (await once(services.stdout, 'data')) as [Buffer]
  if (String(said) !== 'ready\n') throw new Error(`the services mode said ${String(said)}`)
})
afterAll(async () => {
  services.kill('SIGTERM')
  await services.ended
  await rm(folder, { recursive: true, force: true })
})

test('the runbook has a block for the set-up, the first day and every procedure of a command', () => {
  const words = blocks.join('\n')
  for (const word of [' migrate', ' check ', ' run ', 'dbt/build.py', '--date 2025-11-20..2025-11-22']) {
    expect(words).toContain(word)
  }
  expect(blocks.length).toBeGreaterThanOrEqual(6)
})

test.each(blocks.map((block, index) => ({ name: block.split('\n')[0], index, block })))(
  '$index: $name',
  async ({ block }) => {
    for (const command of block.split('\n')) {
      const path = `${join(repositoryRoot, 'node_modules', '.bin')}:${process.env['PATH'] ?? ''}`
      const environment = { PATH: path, HOME: folder, DBT_TARGET_PATH: join(folder, 'dbt-target') }
      const result = await execa('bash', ['-euc', command], {
        cwd: folder,
        env: environment,
        extendEnv: false,
        reject: false,
        all: true,
      })
      expect(result.exitCode, `${command}\n${result.all.slice(-2000)}`).toBe(0)
    }
  },
)

test('after them the days that the runbook lands are in the marts', async () => {
  services.kill('SIGTERM')
  await services.ended
  const rows = await queryPairs(
    join(folder, 'world'),
    `SELECT dataset || ' ' || partition_date, is_balanced::int FROM MARTS.MART_RECONCILIATION ORDER BY ALL`,
  )
  expect(rows).toMatchObject({
    'agents 2025-11-20': 1,
    'call_logs 2025-11-20': 1,
    'customers 2025-11-20': 1,
    'social_media 2025-11-20': 1,
    'web_forms 2025-11-20': 1,
  })
})
