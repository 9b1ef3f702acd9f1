import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AppName } from '../../src/platform/run-app.ts'
import { agentHeaders, callHeaders, callKey, callRow, csv, webHeaders, webRow } from './deliveries.ts'
import { ordinaryDay, startThreatWorld, type ThreatWorld } from './threat-world.ts'

const apps = ['extract-s3', 'extract-postgres', 'extract-sheets', 'loader-snowflake'] as const
const tricks: readonly (readonly [flag: string, value: string])[] = [
  ['--date', '../../2025-11-20'],
  ['--date', '2025-11-20/../../../agents/snapshot_date=2025-11-20'],
  ['--date', '2025-11-20\n'],
  ['--date', "2025-11-20' OR '1'='1"],
  ['--date', '٢٠٢٥-١١-٢٠'],
  ['--date', '2025-11-20..2025-11-21..2025-11-22'],
  ['--dataset', '../agents'],
  ['--dataset', 'agents/../customers'],
  ['--dataset', '__proto__'],
  ['--dataset', 'constructor'],
  ['--run-id', '../../../tmp/run'],
  ['--run-id', 'run/one'],
  ['--run-id', '..\\run'],
  ['--run-id', "run'; DROP TABLE RAW.CALL_LOGS; --"],
  ['--run-id', 'run\n{"level":"info"}'],
  ['--run-id', ''],
  ['--run-id', 'r'.repeat(251)],
]
const cases = tricks.map(([flag, value]) => ({ flag, value, shown: JSON.stringify(value).slice(0, 60) }))

let world: ThreatWorld
beforeAll(async () => {
  world = await startThreatWorld()
})
afterAll(() => world.stop())

/** A run that is told a trick, and a date where the trick is another flag's. */
function words(flag: string, value: string): string[] {
  return ['run', ...(flag === '--date' ? [] : ['--date', ordinaryDay]), `${flag}=${value}`]
}

describe('a path trick in a flag', () => {
  test.each(cases)('$flag=$shown ends every app with exit 2 and writes nothing', async ({ flag, value }) => {
    const before = { keys: await world.keys(), files: await readdir(tmpdir()) }
    const ended = await Promise.all(apps.map((app) => world.launch(app, words(flag, value))))
    const outcomes = ended.map(({ exitCode, codes }) => ({ exitCode, codes }))
    const refused = { exitCode: 2, codes: [flag.slice(2).replace('-', '_')] }
    expect(outcomes).toEqual(apps.map(() => refused))
    expect(await world.keys()).toEqual(before.keys)
    expect((await readdir(tmpdir())).filter((name) => name.startsWith('run'))).toEqual(
      before.files.filter((name) => name.startsWith('run')),
    )
  })

  test('and a run id as Airflow makes it is none', async () => {
    const id = 'ingest_daily.scheduled__2025-11-20T00:00:00+00:00.1'
    const ended = await world.launch('extract-s3', ['run', '--date', ordinaryDay, '--run-id', id])
    expect(ended).toMatchObject({ exitCode: 0, run: { run_id: id } })
  })
})

describe('a path trick in a source', () => {
  const date = '2025-11-23'
  const good = callRow(date, 'c1')

  /** Lands and returns the keys that are new. */
  async function land(app: AppName, change: string[] = []): Promise<{ exitCode: number | undefined; keys: string[] }> {
    const before = new Set(await world.keys())
    const ended = await world.launch(app, ['run', '--date', date, ...change])
    return { exitCode: ended.exitCode, keys: (await world.keys()).filter((key) => !before.has(key)) }
  }

  test('is a value like any other: a delivery day with dots and slashes goes to quarantine under the day of the run', async () => {
    const bad = ['2025-11-23/../../agents', '../../2025-11-23', '/etc/passwd'].map((day, index) =>
      callRow(day, `c${index + 2}`),
    )
    await world.deliver(callKey(date), csv([callHeaders, good, ...bad]))
    const { exitCode, keys } = await land('extract-s3', [
      '--dataset',
      'call_logs',
      '--allow-quarantined',
      '--allow-volume-drop',
    ])
    expect(exitCode).toBe(0)
    expect(keys).toHaveLength(4)
    const own =
      /^(?:raw|quarantine)\/call_logs\/generation_date=2025-11-23\/(?:current\.json|load=[0-9a-f-]{36}\/(?:manifest\.json|part-00000\.parquet))$/
    for (const key of keys) expect(key).toMatch(own)
  })

  test('is no delivery: an object, a table or a tab of another name is never opened', async () => {
    const other = '2025-11-24'
    for (const key of [
      `call logs/../call logs/call_logs_day_${other}.csv`,
      `call logs/call_logs_day_${other}.csv/../../x`,
      `call logs/call_logs_day_${other}.csv `,
    ]) {
      await world.deliver(key, csv([callHeaders, callRow(other, 'c1')]))
    }
    const objects = await world.launch('extract-s3', ['run', '--dataset', 'call_logs', '--date', other])
    expect(objects.exitCode).toBe(3)

    const name = `web_form_request_${other.replaceAll('-', '_')}`
    for (const table of [`${name}"; drop schema customer_complaints cascade; --`, `../${name}`, `${name} `]) {
      await world.sql.unsafe(`create table customer_complaints."${table.replaceAll('"', '""')}" (a text)`)
    }
    expect((await world.launch('extract-postgres', ['run', '--date', other])).exitCode).toBe(3)
    await world.deliverTable(other, webHeaders, [webRow(other, 'r1')])
    expect((await world.launch('extract-postgres', ['run', '--date', other])).exitCode).toBe(0)

    await world.deliverSheet([], {
      tabs: ['agents/../customers', "agents'!A1:Z9", '../agents'].map((title) => ({
        title,
        rows: [[...agentHeaders]],
      })),
    })
    const before = await world.keys()
    expect(await world.launch('extract-sheets', ['run', '--date', other])).toMatchObject({
      exitCode: 2,
      codes: ['tab'],
    })
    expect(await world.keys()).toEqual(before)
  })
})
