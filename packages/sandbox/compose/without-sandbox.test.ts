import { execa } from 'execa'
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { docker, imageNamed } from '../containers/engine.ts'
import { repositoryRoot } from '../src/platform/repository.ts'
import { nameProject } from './project.ts'

/** A port as Compose 1.29 and as the plugin write it. */
const portSchema = z.union([z.string(), z.object({ host_ip: z.string().optional() })])
const renderedSchema = z.object({
  services: z.record(
    z.string(),
    z.object({ network_mode: z.string().optional(), ports: z.array(portSchema).optional() }),
  ),
})

/** The address that a port is bound to; without one it is bound to all of them. */
function addressOf(port: z.infer<typeof portSchema>): string | undefined {
  return typeof port === 'string' ? /^(.+):\d*:\d+(?:\/\w+)?$/.exec(port)?.[1] : port.host_ip
}

/** Reads YAML with the library that Airflow's image has: not every Compose writes JSON. */
async function parseYaml(text: string): Promise<unknown> {
  const program = 'import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout)'
  const words = ['run', '--rm', '--interactive', '--network=none', '--entrypoint=python', imageNamed('airflow')]
  const { stdout } = await execa('docker', [...words, '-c', program], { input: text })
  return JSON.parse(stdout)
}

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
  for (const file of [[], ['--env-file', '.env.example']]) {
    const rendered = await project.compose(...file, 'config')
    const { services } = renderedSchema.parse(await parseYaml(rendered))
    const addresses = Object.entries(services).flatMap(([service, { network_mode: network, ports = [] }]) => {
      expect(network, `network of ${service}`).not.toBe('host')
      return ports.map((port) => [service, addressOf(port)])
    })
    expect(addresses).toEqual([['api-server', '127.0.0.1']])
    expect(rendered).not.toMatch(/PASSWORD: (?!\/)/)
  }
})

test.each([
  ['8080:8080', undefined],
  ['8080', undefined],
  ['0.0.0.0:8080:8080/tcp', '0.0.0.0'],
  ['127.0.0.1:8080:8080/tcp', '127.0.0.1'],
  [{ target: 8080, published: '8080' }, undefined],
  [{ target: 8080, published: '8080', host_ip: '127.0.0.1' }, '127.0.0.1'],
])('of a port that is written as %j the address is %j', (port, address) => {
  expect(addressOf(portSchema.parse(port))).toBe(address)
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
