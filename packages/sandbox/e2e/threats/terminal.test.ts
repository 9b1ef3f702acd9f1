import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Current, Manifest } from '@coretelecoms/core'
import type { AppName } from '../../src/platform/run-app.ts'
import { putParameters } from '../../src/services/aws/parameters.ts'
import { bucketNames, databaseParameterPath } from '../../src/services/aws/topology.ts'
import { acting } from './acting.ts'
import {
  agentHeaders,
  callHeaders,
  callKey,
  callRow,
  columnJson,
  csv,
  socialHeaders,
  socialKey,
  socialRow,
  webHeaders,
  webRow,
} from './deliveries.ts'
import { type Ended, jsonLines } from './launch.ts'
import { ordinaryDay, startThreatWorld, type ThreatWorld } from './threat-world.ts'

/** Each would act on a terminal, a log viewer or a reader's eye if it were shown as it is. */
const attacks = {
  'an escape sequence': 'mark\u001b[31mred\u001b]0;owned\u0007',
  'a C1 control': 'mark\u009b31mred',
  'a bidi override': 'mark\u202eevil\u2066\u2069',
  'a line separator': 'mark\u2028{"level":"info","msg":"forged"}\u2029\u0085',
  'a line feed': 'mark\n{"level":"info","msg":"forged"}\r\nlevel=info forged',
  'an invisible tag': 'mark\u200b\u{e0041}\u00ad',
}
const cases = Object.entries(attacks).map(([what, text]) => ({ what, text }))
let world: ThreatWorld
beforeAll(async () => {
  world = await startThreatWorld()
})
afterAll(() => world.stop())

/** That both streams of a run are JSON, a line each for whoever splits lines, and hold nothing that acts. */
function expectHarmless({ stdout, stderr }: Ended): void {
  for (const stream of [stdout, stderr]) {
    expect(stream).not.toMatch(acting)
    const lines = jsonLines(stream)
    expect(lines.length).toBeGreaterThan(0)
    // As Python's text mode and `str.splitlines` see it.
    // eslint-disable-next-line no-control-regex
    expect(stream.trimEnd().split(/\r\n|[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]/)).toHaveLength(lines.length)
  }
  for (const line of jsonLines(stderr)) {
    expect(line).toMatchObject({
      level: expect.stringMatching(/^(info|error)$/) as string,
      app: expect.any(String) as string,
    })
    expect(line['msg']).not.toBe('forged')
  }
}

/** The same failure on a terminal: it is told, and nothing of it acts there. */
async function expectHarmlessOnTerminal(app: AppName, words: readonly string[], environment = {}): Promise<string> {
  const { stdout } = await world.launch(app, words, { hasTerminal: true, environment })
  // What the progress bar itself writes: colours never, cursor and line commands only.
  // eslint-disable-next-line no-control-regex
  const shown = stdout.replaceAll(/\u001b(?:[78]|\[\??[\d;]*[A-GJKhls])/g, '').replaceAll('\r', '')
  expect(shown).toContain('mark')
  expect(shown).not.toMatch(acting)
  for (const line of shown.split('\n')) expect(line).not.toMatch(/^(\{"level"|level=)/)
  return shown
}

describe('a header with', () => {
  test.each(cases)(
    '$what in a CSV, a document, the database or a sheet is shown and does not act',
    async ({ text }) => {
      const date = '2025-12-20'
      const name = text.slice(0, 60)
      await world.deliver(
        callKey(date),
        csv([
          [...callHeaders, text],
          [...callRow(date, 'c1'), 'x'],
        ]),
      )
      await world.deliver(socialKey(date), columnJson([...socialHeaders, text], [[...socialRow(date, 'c1'), 'x']]))
      await world.deliverTable(date, [...webHeaders, name], [[...webRow(date, 'r1'), 'x']])
      await world.deliverSheet([
        [...agentHeaders, text],
        [1000, 'Ada', 'Senior', 'Ohio', 'x'],
      ])
      for (const app of ['extract-s3', 'extract-postgres', 'extract-sheets'] as const) {
        const datasets = app === 'extract-s3' ? ['--dataset', 'call_logs,social_media'] : []
        const words = ['run', '--date', date, ...datasets]
        const ended = await world.launch(app, words)
        expect(ended).toMatchObject({ exitCode: 2 })
        expect(ended.text).toContain('mark')
        expectHarmless(ended)
        await expectHarmlessOnTerminal(app, words)
      }
    },
  )
})

test.each(cases)('$what in the title of a tab is shown and does not act', async ({ text }) => {
  await world.deliverSheet([], { title: text, tabs: [{ title: text, rows: [] }] })
  const words = ['run', '--date', '2025-12-21']
  const ended = await world.launch('extract-sheets', words)
  expect(ended).toMatchObject({ exitCode: 2, codes: ['tab'] })
  expectHarmless(ended)
  await expectHarmlessOnTerminal('extract-sheets', words)
})

test.each(cases)(
  '$what in the address of the database, as its owners publish it, is shown and does not act',
  async ({ text }) => {
    const { ssm } = world.services.aws.administrators.source.clients
    const parameter = `${databaseParameterPath}table_schema_name`
    await putParameters(ssm, { [parameter]: text })
    try {
      const words = ['run', '--date', ordinaryDay]
      const ended = await world.launch('extract-postgres', words)
      expect(ended).toMatchObject({ exitCode: 2, codes: ['no_schema'] })
      expectHarmless(ended)
      await expectHarmlessOnTerminal('extract-postgres', words)
    } finally {
      await putParameters(ssm, { [parameter]: 'customer_complaints' })
    }
  },
)

test.each(cases)(
  '$what in the run id of a publication that somebody forged is shown and does not act',
  async ({ text }) => {
    const { s3 } = world.services.aws.administrators.own.clients
    const words = ['run', '--dataset', 'call_logs', '--date', ordinaryDay]
    expect((await world.launch('extract-s3', [...words, '--force'])).exitCode).toBe(0)
    const get = async (key: string): Promise<string> => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucketNames.own, Key: key }))
      return (await Body?.transformToString()) ?? ''
    }
    const put = (Key: string, Body: string): Promise<unknown> =>
      s3.send(new PutObjectCommand({ Bucket: bucketNames.own, Key, Body }))
    const currentKey = `raw/call_logs/generation_date=${ordinaryDay}/current.json`
    const current = JSON.parse(await get(currentKey)) as Current
    const manifest = JSON.parse(await get(current.manifest_key)) as Manifest
    const forged = JSON.stringify({ ...manifest, run_id: text })
    await put(current.manifest_key, forged)
    const manifestSha256 = createHash('sha256').update(forged).digest('hex')
    await put(currentKey, JSON.stringify({ ...current, run_id: text, manifest_sha256: manifestSha256 }))
    const ended = await world.launch('extract-s3', words)
    expect(ended).toMatchObject({ exitCode: 0, results: [{ status: 'unchanged' }] })
    expectHarmless(ended)
    await expectHarmlessOnTerminal('extract-s3', words)
  },
)

test.each(cases)('$what in a flag or a setting is shown and does not act', async ({ text }) => {
  for (const words of [
    ['run', '--date', text],
    ['run', '--date', ordinaryDay, '--dataset', text],
    ['run', '--date', ordinaryDay, `--${text}`],
  ]) {
    const ended = await world.launch('extract-s3', words)
    expect(ended.exitCode).toBe(2)
    expect(ended.stderr).not.toMatch(acting)
    expect(jsonLines(ended.stderr)).toHaveLength(1)
    await expectHarmlessOnTerminal('extract-s3', words)
  }
})
