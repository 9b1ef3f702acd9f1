import { PutObjectCommand } from '@aws-sdk/client-s3'
import type { PartitionResult } from '@coretelecoms/core'
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bucketNames } from '../../src/services/aws/topology.ts'
import { type AppRun, type LocalWorld, startLocalWorld } from './local-world.ts'
import { listRawZone, readLoad } from './raw-zone.ts'

const samples = new URL('../source-samples/', import.meta.url)
const day = '2025-11-20'
let world: LocalWorld

beforeAll(async () => {
  world = await startLocalWorld('extract-s3')
})
afterAll(() => world.stop())

async function deliver(key: string, body: string | Buffer): Promise<void> {
  const { s3 } = world.aws.administrators.source.clients
  await s3.send(new PutObjectCommand({ Bucket: bucketNames.source, Key: key, Body: Buffer.from(body) }))
}

const environment = { CX_SOURCE_BUCKET: bucketNames.source }
const run = (options: AppRun) => world.run({ ...options, environment: { ...environment, ...options.environment } })
function runDay(dataset: string, date: string, change: Partial<AppRun> = {}): Promise<PartitionResult> {
  return world.runDay({
    arguments: ['run', '--dataset', dataset, '--date', date, ...(change.arguments ?? [])],
    environment: { ...environment, ...change.environment },
  })
}
const ownS3 = () => world.aws.administrators.own.clients.s3

describe('the real samples', () => {
  beforeAll(async () => {
    const files = {
      'customers/customers_dataset.csv': 'customers_dataset.csv',
      'call logs/call_logs_day_2025-11-20.csv': 'call_logs_day_2025-11-20.csv',
      'social_medias/media_complaint_day_2025-11-20.json': 'media_complaint_day_2025-11-20.json',
    }
    for (const [key, file] of Object.entries(files)) await deliver(key, await readFile(new URL(file, samples)))
  })

  test('are checked, planned, landed, and unchanged from then on', async () => {
    const statuses = async (...words: string[]) =>
      (await run({ arguments: [...words, '--date', day] })).results.map(({ status }) => status)
    expect(await statuses('check')).toEqual(['checked', 'checked', 'checked'])
    expect(await statuses('run', '--dry-run')).toEqual(['planned', 'planned', 'planned'])
    expect(await listRawZone(ownS3())).toEqual([])
    expect(await statuses('run')).toEqual(['published', 'published', 'published'])
    const keys = await listRawZone(ownS3())
    expect(await statuses('run')).toEqual(['unchanged', 'unchanged', 'unchanged'])
    expect(await listRawZone(ownS3())).toEqual(keys)
  })

  test('land with the values that their files hold', async () => {
    const social = await readLoad(ownS3(), await runDay('social_media', day, { arguments: ['--force'] }))
    const json = await readFile(new URL('media_complaint_day_2025-11-20.json', samples), 'utf8')
    const document = JSON.parse(json) as Record<string, Record<string, string | number>>
    const keys = Object.keys(document['complaint_id'] ?? {})
    expect(keys.length).toBeGreaterThan(0)
    expect(
      social.rows.map((row) => [row['source_index'], row['complaint_id'], row['agent_id'], row['media_channel']]),
    ).toEqual(
      keys.map((key) => [
        key,
        document['complaint_id']?.[key],
        String(document['agent ID']?.[key]),
        document['media_channel']?.[key],
      ]),
    )
    expect(social.manifest.source.bytes).toBe(Buffer.byteLength(json))
    const customers = await readLoad(ownS3(), await runDay('customers', day, { arguments: ['--force'] }))
    expect(customers.rows[0]).toMatchObject({
      full_name: 'Brianna Schultz',
      address: '317 Paul Turnpike\nDarrenland, NY 13297',
    })
  })
})

describe('column-oriented JSON', () => {
  const headers = [
    'complaint_id',
    'customeR iD',
    'COMPLAINT_catego ry',
    'agent ID',
    'resolutionstatus',
    'request_date',
    'resolution_date',
    'media_channel',
    'MediaComplaintGenerationDate',
  ]
  const good = (date: string): string[] =>
    [
      '7657eb87-0eed-4eff-bca9-5984a7d23838',
      'Payments',
      '1010',
      'Backlog',
      '2025-05-30 13:09:37',
      '',
      'Twitter',
      date,
    ].map((value) => (value === '1010' ? value : JSON.stringify(value)))
  /** Rows as raw JSON values by header; undefined leaves the row out of that column. */
  function document(date: string, rows: Record<number, string | undefined>[]): string {
    const columns = headers.map((header, column) => {
      const entries = rows.flatMap((row, index) => {
        const id = JSON.stringify(`c${index}`)
        const value = column in row ? row[column] : column === 0 ? id : good(date)[column - 1]
        return value === undefined ? [] : [`"${index * 3}":${value}`]
      })
      return `${JSON.stringify(header)}:{${entries.join(',')}}`
    })
    return `{${columns.join(',')}}`
  }

  test('lands what it can and sets each bad row aside with its reason and its own text', async () => {
    const date = '2025-12-01'
    const rows: Record<number, string | undefined>[] = [
      { 0: '"caf\\u00e9 \\ud83d\\ude00, \\"q\\"\\n"', 7: 'null' },
      { 3: '1010.0' },
      { 3: '9007199254740993' },
      { 2: '{"a": [1]}', 6: '[]' },
      { 7: '"\\ud800"' },
      { 7: '"a\\u0000"' },
      { 4: undefined },
      { 7: 'true' },
      { 0: '"c7"' },
      { 0: '"\\u202ertl"', 3: '"1011"' },
    ]
    await deliver(`social_medias/media_complaint_day_${date}.json`, document(date, rows))
    const result = await runDay('social_media', date, { arguments: ['--allow-quarantined'] })
    expect(result).toMatchObject({ status: 'published', read: 10, landed: 3, quarantined: 7 })
    const load = await readLoad(ownS3(), result)
    expect(
      load.rows.map((row) => [row['_source_row'], row['source_index'], row['complaint_id'], row['media_channel']]),
    ).toEqual([
      ['1', '0', 'café 😀, "q"', null],
      ['8', '21', 'c7', 'true'],
      ['10', '27', '\u202ertl', 'Twitter'],
    ])
    expect(load.quarantine.map((row) => [row['source_row'], row['reasons']])).toEqual([
      ['2', '["cast:agent_id"]'],
      ['3', '["cast:agent_id"]'],
      ['4', '["cast:complaint_category","cast:resolved_at"]'],
      ['5', '["invalid_text"]'],
      ['6', '["invalid_text"]'],
      ['7', '["too_few_fields"]'],
      ['9', '["repeated_key"]'],
    ])
    expect(load.quarantine[1]?.['original_text']).toContain('"agent ID":9007199254740993,')
    expect(load.quarantine[2]?.['original_text']).toContain('"COMPLAINT_catego ry":{"a": [1]},')
    expect(load.quarantine[3]?.['original_text']).toContain('"media_channel":"\\\\ud800",')
  })

  test.each([
    ['an array of records', '[{"complaint_id":"x"}]', 'json_shape'],
    ['NDJSON', '{"complaint_id":"x"}\n{"complaint_id":"y"}\n', 'json_shape'],
    ['rows', '{"0":{"complaint_id":"x","agent ID":1}}', 'json_shape'],
    ['a truncated document', '{"complaint_id":{"0":"x"', 'json_truncated'],
    ['a column twice', '{"complaint_id":{"0":"x"},"Complaint_ID":{"0":"x"}}', 'header'],
    ['UTF-16', Buffer.from('\ufeff{}', 'utf16le'), 'encoding'],
    ['an empty object', '', 'empty_document'],
  ])('refuses %s and publishes nothing', async (_name, body, code) => {
    await deliver('social_medias/media_complaint_day_2025-12-02.json', body)
    expect(await runDay('social_media', '2025-12-02')).toMatchObject({ exit_code: 2, error: { code } })
    expect((await listRawZone(ownS3())).filter((key) => key.includes('2025-12-02'))).toEqual([])
  })
})

describe('what is in the way', () => {
  test('a day that is not there is not delivered yet', async () => {
    const result = await runDay('call_logs', '2030-01-01')
    expect(result).toMatchObject({ status: 'not_delivered', exit_code: 3 })
    expect(result.error?.message).toContain('s3://core-telecoms-data-lake/call logs/call_logs_day_2030-01-01.csv')
  })

  test.each([
    ['a bucket that does not exist', { CX_SOURCE_BUCKET: 'no-such-bucket' }, 2, /no such bucket/],
    [
      'another external id',
      { CX_SOURCE_EXTERNAL_ID: 'another' },
      2,
      /sts:AssumeRole on arn:aws:iam::111111111111:role/,
    ],
    ['no role in the source account', { CX_SOURCE_ROLE_ARN: '' }, 2, /s3:GetObject/],
    ['a wrong secret', { AWS_SECRET_ACCESS_KEY: 'wrong' }, 2, /credentials were refused/],
    ['a store that is down', { AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9' }, 1, /ECONNREFUSED/],
  ])('%s', async (_name, change, exitCode, message) => {
    const result = await runDay('customers', day, { environment: change })
    expect(result).toMatchObject({ exit_code: exitCode, error: { message: expect.stringMatching(message) as string } })
  })

  test('gzip under the name of a CSV is refused by name', async () => {
    await deliver('call logs/call_logs_day_2025-12-03.csv', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0]))
    const result = await runDay('call_logs', '2025-12-03')
    expect(result).toMatchObject({ exit_code: 2, error: { message: expect.stringContaining('gzip') as string } })
  })

  test('a header that is another is found by check, with what the contract asks for', async () => {
    await deliver('call logs/call_logs_day_2025-12-04.csv', ',call ID\n')
    const { results, exit_code } = await run({ arguments: ['check', '--dataset', 'call_logs', '--date', '2025-12-04'] })
    expect(exit_code).toBe(2)
    expect(results[0]?.error?.message).toContain('column "customer_id" is missing')
  })
})
