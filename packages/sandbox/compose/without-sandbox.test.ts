import { execa } from 'execa'
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { docker, imageNamed } from '../containers/engine.ts'
import { repositoryRoot } from '../src/platform/repository.ts'
import { nameProject } from './project.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cx-compose-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('a .env made from .env.example leaves the sandbox out, and only the loopback address is published', async () => {
  const project = await nameProject({ name: 'cx-compose-config', port: 8080 })
  const withSandbox = (await project.compose('config', '--services')).split('\n')
  const without = (await project.compose('--env-file', '.env.example', 'config', '--services')).split('\n')
  expect(withSandbox).toContain('sandbox')
  expect(without).toContain('scheduler')
  expect(without).not.toContain('sandbox')
  expect(without).not.toContain('first-days')
  const rendered = await project.compose('config')
  const published = rendered.split('\n').filter((line) => /8080:8080|published:|host_ip:/.test(line))
  expect(published.length).toBeGreaterThan(0)
  expect(rendered).toMatch(/127\.0\.0\.1/)
  expect(rendered).not.toMatch(/0\.0\.0\.0:\d/)
  expect(rendered).not.toMatch(/PASSWORD: (?!\/)/)
})

test('each step gets the settings that it takes out of one file, and its own identity', async () => {
  const file = join(folder, 'settings.env')
  const target = join(folder, 'settings')
  await copyFile(join(repositoryRoot, '.env.example'), file)
  await chmod(file, 0o600)
  await mkdir(target)
  const container = (
    await docker(
      'create',
      ...['--user=root', '--cap-drop=ALL', '--cap-add=CHOWN', '--cap-add=DAC_OVERRIDE', '--network=none'],
      ...['--volume', `${file}:/settings.env:ro`, '--volume', `${target}:/settings`, '--entrypoint=python'],
      ...[imageNamed('airflow'), '/opt/coretelecoms/write_step_settings.py'],
    )
  ).trim()
  try {
    await execa('docker', ['start', '--attach', container], { stdin: 'ignore' })
  } finally {
    await docker('rm', '--force', container)
  }
  const settingsOf = (step: string): Promise<string> => readFile(join(target, `${step}.env`), 'utf8')
  expect(await settingsOf('dbt')).toContain('CX_SNOWFLAKE_USER=CX_TRANSFORMER\n')
  expect(await settingsOf('dbt')).not.toContain('CX_RAW_BUCKET')
  expect(await settingsOf('loader-snowflake')).toContain('CX_SNOWFLAKE_USER=CX_LOADER\n')
  expect(await settingsOf('loader-snowflake-migrate')).toContain('CX_SNOWFLAKE_USER=CX_MIGRATOR\n')
  expect(await settingsOf('extract-sheets')).toMatch(/^CX_SHEETS_SPREADSHEET_ID=/m)
  expect(await settingsOf('extract-s3')).not.toMatch(/SNOWFLAKE|SHEETS/)
})
