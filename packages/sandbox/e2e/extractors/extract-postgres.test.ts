import type { PartitionResult } from '@coretelecoms/core'
import postgres from 'postgres'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { putParameters } from '../../src/services/aws/parameters.ts'
import type { DatabaseAccess } from '../../src/services/postgres/database.ts'
import { databaseParameters } from '../../src/services/postgres/parameters.ts'
import { type PostgresService, startPostgres } from '../../src/services/postgres/start.ts'
import { type AppRun, type LocalWorld, startLocalWorld } from './local-world.ts'
import { listRawZone, type PublishedLoad, readLoad } from './raw-zone.ts'

let world: LocalWorld
let database: PostgresService
let sql: postgres.Sql

beforeAll(async () => {
  world = await startLocalWorld('extract-postgres')
  database = await world.group.start((signal) => startPostgres({ sandboxDirectory: world.sandboxDirectory, signal }))
  sql = postgres({ ...database.owner, onnotice: () => undefined })
  await pointTo({})
})
afterAll(async () => {
  await sql.end({ timeout: 5 })
  await world.stop()
})

/** What the source's owners publish about their database, with a change. */
async function pointTo(change: Partial<DatabaseAccess>): Promise<void> {
  const { ssm } = world.aws.administrators.source.clients
  await putParameters(ssm, databaseParameters({ ...database.reader, ...change }))
}

function runDay(date: string, change: Partial<AppRun> = {}): Promise<PartitionResult> {
  return world.runDay({ ...change, arguments: ['run', '--date', date, ...(change.arguments ?? [])] })
}
async function load(date: string, words: string[] = []): Promise<PublishedLoad> {
  const result = await runDay(date, { arguments: ['--force', '--allow-volume-drop', ...words] })
  expect(result).toMatchObject({ status: 'published' })
  return readLoad(world.aws.administrators.own.clients.s3, result)
}

const tableOf = (date: string): string => `customer_complaints."web_form_request_${date.replaceAll('-', '_')}"`
const customer = '7657eb87-0eed-4eff-bca9-5984a7d23838'
const headers = [
  'Column1',
  'request_id',
  'customeR iD',
  'COMPLAINT_catego ry',
  'agent ID',
  'resolutionstatus',
  'request_date',
  'resolution_date',
  'webFormGenerationDate',
]

/** A row of the day as the source writes it; `change` by position. */
function row(date: string, id: number, change: Record<number, string | null> = {}): (string | null)[] {
  const values = [String(id), `r${id}`, customer, 'Payments', '1010', 'Backlog', '2025-02-10 12:22:54', '', date]
  return values.map((value, index) => (index in change ? (change[index] ?? null) : value))
}

/** Makes the day's table; `types` by position, text else. */
async function createTable(date: string, rows: (string | null)[][], types: Record<number, string> = {}): Promise<void> {
  const columns = headers.map((header, index) => `"${header}" ${types[index] ?? 'text'}`)
  await sql.unsafe(`drop table if exists ${tableOf(date)}; create table ${tableOf(date)} (${columns.join(', ')})`)
  for (const values of rows) {
    const parameters = headers.map((_, index) => `$${index + 1}::text::${types[index] ?? 'text'}`)
    await sql.unsafe(`insert into ${tableOf(date)} values (${parameters.join(', ')})`, values)
  }
}

describe('a table of text', () => {
  const date = '2025-11-20'

  test('lands as it is, and is unchanged until its rows or its columns are others', async () => {
    await createTable(date, [
      row(date, 1),
      row(date, 2, { 7: null }),
      row(date, 3, { 5: 'Resolved', 7: '2025-03-01 00:00:00' }),
    ])
    const { rows } = await load(date)
    expect(
      rows.map((landed) => [
        landed['_source_row'],
        landed['source_index'],
        landed['request_id'],
        landed['resolved_at'],
      ]),
    ).toEqual([
      ['1', '1', 'r1', null],
      ['2', '2', 'r2', null],
      ['3', '3', 'r3', '2025-03-01 00:00:00'],
    ])
    expect(await runDay(date)).toMatchObject({ status: 'unchanged' })
    await sql.unsafe(`update ${tableOf(date)} set "agent ID" = '1011' where request_id = 'r2'`)
    expect(await runDay(date)).toMatchObject({ status: 'published', read: 3 })
    await sql.unsafe(`alter table ${tableOf(date)} rename "agent ID" to "agent_id"`)
    expect(await runDay(date)).toMatchObject({ status: 'published', read: 3 })
    await sql.unsafe(`alter table ${tableOf(date)} rename "agent_id" to "agent"`)
    expect(await runDay(date)).toMatchObject({ exit_code: 2, error: { code: 'header' } })
  })

  test('keeps what text formats trip over', async () => {
    const texts = [
      '\\.',
      'x\n\\.\ny',
      '\\N',
      'tab\there',
      'C:\\new\\x00',
      '"quoted", ""',
      'cr\r\nlf',
      'NULL',
      'é😀 \u202ertl',
      "it's",
    ]
    await createTable(
      date,
      texts.map((text, index) => row(date, index, { 3: text })),
    )
    const { rows, quarantine } = await load(date)
    expect(quarantine).toEqual([])
    expect(rows.map((landed) => landed['complaint_category'])).toEqual(texts)
  })

  test('takes the empty text and NULL for null, and sets a row aside that must not have it', async () => {
    await createTable(date, [
      row(date, 1),
      row(date, 2, { 3: '' }),
      row(date, 3, { 3: null }),
      row(date, 4, { 7: ' ' }),
    ])
    const { rows, quarantine } = await load(date, ['--allow-quarantined'])
    expect(rows.map((landed) => landed['request_id'])).toEqual(['r1', 'r4'])
    expect(quarantine.map((aside) => [aside['source_row'], aside['reasons']])).toEqual([
      ['2', '["required:complaint_category"]'],
      ['3', '["required:complaint_category"]'],
    ])
  })
})

describe('a table of other types', () => {
  const date = '2025-11-21'
  const reasonsOf = (published: PublishedLoad): unknown[] =>
    published.quarantine.map((aside) => [aside['source_row'], aside['reasons']])

  test('lands whole numbers exactly and sets aside what is none', async () => {
    const numbers = [
      '1010',
      '1010.0',
      'NaN',
      'Infinity',
      '-Infinity',
      '123456789012345678901234567890123456789012',
      '1e3',
    ]
    await createTable(
      date,
      numbers.map((number, index) => row(date, index, { 4: number })),
      { 4: 'numeric' },
    )
    const published = await load(date, ['--allow-quarantined'])
    // The server prints 1e3 as 1000.
    expect(published.rows.map((landed) => landed['agent_id'])).toEqual(['1010', '1000'])
    expect(published.quarantine).toHaveLength(5)
  })

  test('lands a bigint to its last digit, and null', async () => {
    const values = ['9007199254740993', '-9223372036854775808', '9223372036854775807', null]
    await createTable(
      date,
      values.map((value, index) => row(date, index, { 0: value, 1: `r${index}` })),
      { 0: 'bigint' },
    )
    expect((await load(date)).rows.map((landed) => landed['source_index'])).toEqual(values)
  })

  test('lands timestamps to the microsecond and no other instant', async () => {
    const instants = [
      '2025-02-10 12:22:54.000001',
      'infinity',
      '-infinity',
      '0044-03-15 12:00:00 BC',
      '12025-01-01 00:00:00',
      '0001-01-01 00:00:00',
    ]
    await createTable(
      date,
      instants.map((instant, index) => row(date, index, { 6: instant })),
      { 6: 'timestamp' },
    )
    const published = await load(date, ['--allow-quarantined'])
    expect(published.rows.map((landed) => landed['requested_at'])).toEqual([
      '2025-02-10 12:22:54.000001',
      '0001-01-01 00:00:00',
    ])
    expect(reasonsOf(published)).toEqual([2, 3, 4, 5].map((row) => [String(row), '["cast:requested_at"]']))
  })

  test('never takes an instant of some zone for a local time', async () => {
    await createTable(date, [row(date, 1), row(date, 2)], { 6: 'timestamptz' })
    const published = await runDay(date, { arguments: ['--force', '--allow-quarantined', '--allow-volume-drop'] })
    expect(published).toMatchObject({ read: 2, landed: 0, reasons: { 'cast:requested_at': 2 } })
  })

  test('takes uuid, enum and date columns as they print', async () => {
    await sql.unsafe(`drop type if exists mood cascade; create type mood as enum ('Backlog', 'Resolved')`)
    await createTable(date, [row(date, 1, { 2: customer.toUpperCase() })], { 2: 'uuid', 5: 'mood', 8: 'date' })
    expect((await load(date)).rows).toMatchObject([
      { customer_id: customer, resolution_status: 'Backlog', generation_date: date },
    ])
  })

  test.each([
    ['text[]', '{a,"b c"}', '{a,"b c"}'],
    ['jsonb', '{"b": 1, "a": [2]}', '{"a": [2], "b": 1}'],
    ['bytea', '\\x00ff', '\\x00ff'],
    ['interval', '1 year 2 mons 3 days 04:05:06.7', '1 year 2 mons 3 days 04:05:06.7'],
    ['money', '1234.5', '$1,234.50'],
    ['boolean', 't', 'true'],
    ['double precision', '0.1', '0.1'],
    ['char(12)', 'padded', 'padded'],
  ])('lands a %s in a text column as the server prints it', async (type, value, printed) => {
    await createTable(date, [row(date, 1, { 3: value })], { 3: type })
    expect((await load(date)).rows[0]?.['complaint_category']).toBe(printed)
  })

  test('prints the same whatever the settings of the role and the zone of the process', async () => {
    await createTable(date, [row(date, 1, { 3: '2025-11-20 10:00:00+02' })], { 3: 'timestamptz', 8: 'date' })
    const before = await load(date)
    const settings = ["timezone = 'Asia/Tokyo'", "datestyle = 'German, DMY'", "bytea_output = 'escape'"]
    try {
      for (const setting of settings) await sql.unsafe(`alter role cx_reader set ${setting}`)
      expect(await runDay(date, { environment: { TZ: 'America/New_York' } })).toMatchObject({ status: 'unchanged' })
      const after = await load(date)
      expect(after.rows[0]?.['complaint_category']).toBe('2025-11-20 08:00:00+00')
      expect(after.manifest.fingerprint).toBe(before.manifest.fingerprint)
    } finally {
      await sql.unsafe('alter role cx_reader reset all')
    }
  })

  test('stops at a new column, keeps it under evolve, and stops where one was dropped', async () => {
    await createTable(date, [row(date, 1)])
    await sql.unsafe(`alter table ${tableOf(date)} add column "Mood %" text default 'fine'`)
    expect(await runDay(date)).toMatchObject({ exit_code: 2, error: { code: 'header' } })
    expect((await load(date, ['--contract', 'evolve'])).rows[0]?.['_extra']).toBe('{"Mood %":"fine"}')
    await sql.unsafe(`alter table ${tableOf(date)} drop column "Mood %", drop column "agent ID"`)
    expect(await runDay(date)).toMatchObject({ exit_code: 2, error: { code: 'header' } })
  })
})

describe('what is in the way', () => {
  const date = '2025-11-22'
  beforeAll(() => createTable(date, [row(date, 1)]))

  test('a table that is not there is a day not delivered yet', async () => {
    expect(await runDay('2030-01-01')).toMatchObject({
      status: 'not_delivered',
      exit_code: 3,
      error: { message: expect.stringContaining('customer_complaints.web_form_request_2030_01_01') as string },
    })
  })

  test.each([
    ['a wrong password', { password: 'wrong' }, 2, /refused the login of "cx_reader"/],
    ['an unknown user', { username: 'nobody' }, 2, /refused the login of "nobody"/],
    ['an unknown database', { database: 'nonesuch' }, 2, /no database "nonesuch"/],
    ['a server that is down', { port: 9 }, 1, /ECONNREFUSED/],
    ['a host that does not exist', { host: 'no-such-host.invalid' }, 2, /no host no-such-host.invalid/],
  ])('%s', async (_name, change, exitCode, message) => {
    await pointTo(change)
    try {
      const result = await runDay(date)
      expect(result.error?.message).toMatch(message)
      expect(result.error?.message).not.toContain('wrong')
      expect(result).toMatchObject({ exit_code: exitCode })
    } finally {
      await pointTo({})
    }
  })

  test.each([
    [
      'a schema that is not there',
      'alter schema customer_complaints rename to elsewhere',
      'alter schema elsewhere rename to customer_complaints',
      /no schema "customer_complaints"/,
    ],
    [
      'no right to the schema',
      'revoke usage on schema customer_complaints from cx_reader',
      'grant usage on schema customer_complaints to cx_reader',
      /GRANT USAGE ON SCHEMA/,
    ],
    [
      'no right to the table',
      `revoke select on ${tableOf(date)} from cx_reader`,
      `grant select on ${tableOf(date)} to cx_reader`,
      /GRANT SELECT ON TABLE/,
    ],
    [
      'a policy that hides rows',
      `alter table ${tableOf(date)} enable row level security`,
      `alter table ${tableOf(date)} disable row level security`,
      /row-level security/,
    ],
  ])('%s', async (_name, change, restore, message) => {
    await sql.unsafe(change)
    try {
      const result = await runDay(date)
      expect(result.error?.message).toMatch(message)
      expect(result).toMatchObject({ exit_code: 2 })
    } finally {
      await sql.unsafe(restore)
    }
  })
})

describe('a slow delivery', () => {
  const date = '2025-11-23'
  const slowRows = 800
  // A view in place of the table: the server takes its time for every row, in the count and in the COPY.
  beforeAll(async () => {
    const base = '2025-11-24'
    await createTable(base, [])
    await sql.unsafe(
      `insert into ${tableOf(base)} select i::text, 'r' || i || repeat('x', 400), $1, 'Payments', '1010', 'Backlog', '2025-02-10 12:22:54', '', $2 from generate_series(1, ${slowRows}) i`,
      [customer, date],
    )
    await sql.unsafe(
      `create or replace view ${tableOf(date)} as select r.* from ${tableOf(base)} r, lateral (select pg_sleep(0.002) where r.request_id is not null) s`,
    )
  })

  const copies = () =>
    sql<
      { pid: number }[]
    >`select pid from pg_stat_activity where usename = 'cx_reader' and query ilike 'copy%' and state = 'active'`
  async function waitForCopy(): Promise<number> {
    for (let tries = 0; tries < 500; tries++) {
      const [copy] = await copies()
      if (copy) return copy.pid
      await sleep(20)
    }
    throw new Error('no COPY was seen')
  }
  async function waitUntilGone(pid: number): Promise<void> {
    for (let tries = 0; tries < 500; tries++) {
      if (!(await copies()).some((copy) => copy.pid === pid)) return
      await sleep(20)
    }
    throw new Error('the COPY did not end')
  }

  test.each([
    ['cut', (pid: number) => sql`select pg_terminate_backend(${pid})`],
    ['cancelled', (pid: number) => sql`select pg_cancel_backend(${pid})`],
  ])('that is %s is read again from a fresh snapshot and lands once', async (_how, harm) => {
    const running = runDay(date, { arguments: ['--force'] })
    await harm(await waitForCopy())
    const result = await running
    expect(result).toMatchObject({ status: 'published', read: slowRows, landed: slowRows, quarantined: 0 })
    const { rows, manifest } = await readLoad(world.aws.administrators.own.clients.s3, result)
    expect(new Set(rows.map((landed) => landed['request_id'])).size).toBe(slowRows)
    const keys = (await listRawZone(world.aws.administrators.own.clients.s3)).filter((key) =>
      key.includes(manifest.load_id),
    )
    expect(keys).toHaveLength(manifest.parts.length + 1)
  })

  test.each([
    ['cut', (pid: number) => sql`select pg_terminate_backend(${pid})`],
    ['cancelled', (pid: number) => sql`select pg_cancel_backend(${pid})`],
  ])('that is %s before its first byte left the server is read again too', async (_how, harm) => {
    // Rows this few wait in the server's buffer, so the start of the COPY and its failure come in one packet.
    const early = '2025-11-26'
    await sql.unsafe(`drop view if exists ${tableOf(early)}`)
    await createTable('2025-11-27', [row(early, 1), row(early, 2)])
    await sql.unsafe(
      `create or replace view ${tableOf(early)} as select r.* from ${tableOf('2025-11-27')} r, lateral (select pg_sleep(0.5) where r.request_id is not null) s`,
    )
    const running = runDay(early, { arguments: ['--force', '--allow-volume-drop'] })
    await harm(await waitForCopy())
    expect(await running).toMatchObject({ status: 'published', read: 2, landed: 2 })
  })

  test('that is cut every time ends the run with exit 1', async () => {
    const running = runDay(date, { arguments: ['--force'] })
    for (let attempt = 0; attempt < 3; attempt++) {
      const pid = await waitForCopy()
      await sql`select pg_terminate_backend(${pid})`
      await waitUntilGone(pid)
    }
    expect(await running).toMatchObject({ exit_code: 1, error: { code: 'database', is_retryable: true } })
  })

  test('that takes longer than a statement may ends the run with exit 1', async () => {
    const result = await runDay(date, {
      arguments: ['--force'],
      environment: { CX_DATABASE_STATEMENT_TIMEOUT_MS: '1000' },
    })
    expect(result).toMatchObject({ exit_code: 1, error: { code: 'statement_timeout' } })
  })

  test('is one snapshot, although rows are written while it is read', async () => {
    const running = runDay(date, { arguments: ['--force'] })
    await waitForCopy()
    await sql.unsafe(`insert into ${tableOf('2025-11-24')} select * from ${tableOf('2025-11-24')} limit 1`)
    try {
      expect(await running).toMatchObject({ status: 'published', read: slowRows, quarantined: 0 })
    } finally {
      await sql.unsafe(
        `delete from ${tableOf('2025-11-24')} where ctid = (select max(ctid) from ${tableOf('2025-11-24')})`,
      )
    }
  })

  test('is given up on SIGTERM: nothing is published and no COPY is left', async () => {
    const keys = await listRawZone(world.aws.administrators.own.clients.s3)
    const stop = new AbortController()
    const running = world.run({ arguments: ['run', '--force', '--date', date], signal: stop.signal })
    const pid = await waitForCopy()
    stop.abort(new Error('stopped by the test'))
    await expect(running).rejects.toThrow('stopped by the test')
    await waitUntilGone(pid)
    expect(await listRawZone(world.aws.administrators.own.clients.s3)).toEqual(keys)
  })
})
