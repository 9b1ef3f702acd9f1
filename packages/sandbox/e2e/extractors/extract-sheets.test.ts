import type { PartitionResult } from '@coretelecoms/core'
import { readFile, writeFile } from 'node:fs/promises'
import { generateKeyPairSync } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Cell, Spreadsheet } from '../../src/services/sheets/spreadsheet.ts'
import { type SheetsService, startSheets } from '../../src/services/sheets/start.ts'
import { type AppRun, type LocalWorld, startLocalWorld } from './local-world.ts'
import { listRawZone, readLoad } from './raw-zone.ts'

const header = ['iD', 'NamE', 'experience', 'state']
const people: Cell[][] = [
  [1000, 'Ada Lovelace', 'Senior', 'Ohio'],
  ['1001', 'Grace Hopper', 'Junior', 'Utah'],
  [1002, 'Mary Shaw', 'intern', 'Texas'],
  [1003, 'Ann Hardy', 'Mid-level', 'Maine'],
]
let world: LocalWorld
let service: SheetsService

beforeAll(async () => {
  world = await startLocalWorld('extract-sheets')
  service = await world.group.start((signal) => startSheets({ sandboxDirectory: world.sandboxDirectory, signal }))
})
afterAll(() => world.stop())
beforeEach(async () => {
  await service.failNext([])
  await write([header, ...people])
})

function write(rows: Cell[][], change: Partial<Spreadsheet> = {}): Promise<void> {
  const spreadsheet: Spreadsheet = {
    spreadsheetId: 'agents-1',
    title: 'CORETELECOMMS AGENTS',
    tabs: [{ title: 'agents', rows }],
    ...change,
  }
  return writeFile(service.dataFile, JSON.stringify(spreadsheet))
}

function runDay(date: string, change: Partial<AppRun> = {}): Promise<PartitionResult> {
  return world.runDay({
    arguments: ['run', '--date', date, ...(change.arguments ?? [])],
    environment: {
      GOOGLE_APPLICATION_CREDENTIALS: service.serviceAccountFile,
      CX_SHEETS_SPREADSHEET_ID: 'agents-1',
      CX_SHEETS_ENDPOINT: service.endpoint,
      CX_SHEETS_RETRIES: '1',
      ...change.environment,
    },
  })
}
const s3 = () => world.aws.administrators.own.clients.s3

describe('the agents', () => {
  test('land once and stand for later days until the sheet changes', async () => {
    const first = await runDay('2025-11-20')
    expect(first).toMatchObject({ status: 'published', read: 4, landed: 4 })
    expect(
      (await readLoad(s3(), first)).rows.map((row) => [row['_source_row'], row['agent_id'], row['full_name']]),
    ).toEqual([
      ['1', '1000', 'Ada Lovelace'],
      ['2', '1001', 'Grace Hopper'],
      ['3', '1002', 'Mary Shaw'],
      ['4', '1003', 'Ann Hardy'],
    ])
    const keys = await listRawZone(s3())
    expect(await runDay('2025-11-21')).toMatchObject({ status: 'unchanged', published_date: '2025-11-20' })
    expect(await listRawZone(s3())).toEqual(keys)
    await write([header, ...people, [1004, 'Jean Sammet', '', '']])
    expect(await runDay('2025-11-21')).toMatchObject({ status: 'published', read: 5 })
  })

  test('land or are set aside cell by cell', async () => {
    await write([
      header,
      [' 1004 ', ' outer space ', 'Senior', ''],
      [],
      ['1,004', 'x', 'Senior', 'Ohio'],
      [1005.5, 'x', 'Senior', 'Ohio'],
      ['01006', 'x', 'Senior', 'Ohio'],
      [1007, { error: '#REF!' }, 'Senior', { error: '#N/A' }],
      [1008],
      [1009, 'x', 'Senior', 'Ohio', 'stray'],
      [{ error: '#DIV/0!' }, 'x'],
      [true, 'x'],
      ['', 'nobody', '', ''],
      [1004, 'again', '', ''],
      [2 ** 53, 'x', '', ''],
      [1010, 7, 'Wizard', 'Ohio'],
    ])
    const result = await runDay('2025-11-22', { arguments: ['--allow-quarantined'] })
    expect(result).toMatchObject({ status: 'published', read: 13, landed: 3, warnings: { 'allowed:experience': 1 } })
    const { rows, quarantine } = await readLoad(s3(), result)
    expect(rows.map((row) => [row['_source_row'], row['agent_id'], row['full_name'], row['experience']])).toEqual([
      ['1', '1004', 'outer space', 'Senior'],
      ['7', '1008', null, null],
      ['14', '1010', '7', 'Wizard'],
    ])
    expect(quarantine.map((row) => [row['source_row'], row['reasons']])).toEqual([
      ['3', '["cast:agent_id"]'],
      ['4', '["cast:agent_id"]'],
      ['5', '["cast:agent_id"]'],
      ['6', '["cast:full_name","cast:state"]'],
      ['8', '["too_many_fields"]'],
      ['9', '["cast:agent_id"]'],
      ['10', '["cast:agent_id"]'],
      ['11', '["required:agent_id"]'],
      ['12', '["repeated_key"]'],
      ['13', '["cast:agent_id"]'],
    ])
  })
})

describe('what is in the way', () => {
  test.each([
    ['an empty tab', [], 'no_header', /holds nothing at all/],
    ['a tab without a header', people, 'header', /column "agent_id" is missing/],
    ['a header twice', [[...header, 'ID'], ...people], 'header', /both mean "agent_id"/],
    [
      'cells under a blank header',
      [
        ['iD', '', ...header.slice(1)],
        [1000, 'note'],
      ],
      'header',
      /no column ""/,
    ],
    ['a header and no rows', [header], 'empty_delivery', /--allow-empty/],
  ])('%s stops the run', async (_name, rows: Cell[][], code, message) => {
    await write(rows)
    const result = await runDay('2025-12-01')
    expect(result).toMatchObject({ exit_code: 2, error: { code } })
    expect(result.error?.message).toMatch(message)
  })

  test('half of the agents gone stops the run, unless it is allowed', async () => {
    await write([header, ...people, ...people.map(([id, ...rest]) => [Number(id) + 50, ...rest])])
    expect(await runDay('2025-12-02')).toMatchObject({ status: 'published', read: 8 })
    await write([header, ...people.slice(0, 3)])
    expect(await runDay('2025-12-03')).toMatchObject({ exit_code: 2, error: { code: 'volume_drop' } })
    expect(await runDay('2025-12-03', { arguments: ['--allow-volume-drop'] })).toMatchObject({ status: 'published' })
  })

  test('a renamed tab is told with the tabs that there are', async () => {
    await write([], {
      tabs: [
        { title: 'Agents 2025', rows: [header, ...people] },
        { title: 'notes', rows: [] },
      ],
    })
    const result = await runDay('2025-12-04')
    expect(result).toMatchObject({ exit_code: 2, error: { code: 'tab' } })
    expect(result.error?.message).toContain('"Agents 2025", "notes"')
  })

  test('a sheet that is no longer shared is told with whom to share it', async () => {
    await write([header, ...people], { sharedWith: ['somebody@example.com'] })
    const result = await runDay('2025-12-04')
    expect(result).toMatchObject({ exit_code: 2, error: { code: 'not_shared' } })
    expect(result.error?.message).toMatch(/not shared with cx-extract-sheets@.*share it with that address/)
  })

  test('another spreadsheet, another key, no key: exit 2', async () => {
    const failureOf = async (environment: Record<string, string>): Promise<object> => {
      const { results, error, exit_code } = await world.run({
        arguments: ['run', '--date', '2025-12-04'],
        environment: {
          GOOGLE_APPLICATION_CREDENTIALS: service.serviceAccountFile,
          CX_SHEETS_SPREADSHEET_ID: 'agents-1',
          CX_SHEETS_ENDPOINT: service.endpoint,
          ...environment,
        },
      })
      return { exit_code, code: (results[0]?.error ?? error)?.code }
    }
    const key = JSON.parse(await readFile(service.serviceAccountFile, 'utf8')) as Record<string, string>
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    })
    const otherKey = join(world.sandboxDirectory, 'other-key.json')
    await writeFile(otherKey, JSON.stringify({ ...key, private_key: privateKey }))
    expect(await failureOf({ CX_SHEETS_SPREADSHEET_ID: 'another' })).toEqual({ exit_code: 2, code: 'no_spreadsheet' })
    expect(await failureOf({ GOOGLE_APPLICATION_CREDENTIALS: otherKey })).toEqual({ exit_code: 2, code: 'credentials' })
    expect(await failureOf({ GOOGLE_APPLICATION_CREDENTIALS: '/nowhere.json' })).toEqual({
      exit_code: 2,
      code: 'service_account',
    })
  })

  test('a quota that passes costs a wait and nothing else', async () => {
    await service.failNext([429, 500])
    const result = await runDay('2025-12-05', { arguments: ['--force'], environment: { CX_SHEETS_RETRIES: '2' } })
    expect(result).toMatchObject({ status: 'published', read: 4 })
  })

  test.each([429, 500])('HTTP %i until the retries end is a failure and never an empty success', async (status) => {
    await service.failNext(Array.from({ length: 40 }, () => status))
    const result = await runDay('2025-12-06')
    expect(result).toMatchObject({ exit_code: 1, error: { code: 'google', is_retryable: true } })
    expect((await listRawZone(s3())).filter((key) => key.includes('2025-12-06'))).toEqual([])
  })

  test('a server that is down: exit 1', async () => {
    const result = await runDay('2025-12-06', { environment: { CX_SHEETS_ENDPOINT: 'http://127.0.0.1:9' } })
    expect(result).toMatchObject({
      exit_code: 1,
      error: { message: expect.stringContaining('ECONNREFUSED') as string },
    })
  })
})
