import { deflateRawSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
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
import { startEndlessStore } from './endless-store.ts'
import type { Ended } from './launch.ts'
import { startThreatWorld, type ThreatWorld } from './threat-world.ts'

/** An app that works holds about 200 MiB; a bomb that goes off takes gigabytes. */
const boundMib = 400
const mebibyte = 1_048_576

let world: ThreatWorld
beforeAll(async () => {
  world = await startThreatWorld()
})
afterAll(() => world.stop())

/** Runs an extractor that must refuse, soon and small, and proves that nothing was published. */
async function refused(run: () => Promise<Ended>): Promise<Ended> {
  const before = await world.keys()
  const startedAt = performance.now()
  const ended = await run()
  expect(ended.exitCode).toBe(2)
  expect(ended.peakMib).toBeLessThan(boundMib)
  expect(performance.now() - startedAt).toBeLessThan(60_000)
  expect(await world.keys()).toEqual(before)
  expect(ended.stdout.length + ended.stderr.length).toBeLessThan(20_000)
  return ended
}

const landCalls = (date: string, words: string[] = [], environment: Record<string, string> = {}): Promise<Ended> =>
  world.launch('extract-s3', ['run', '--dataset', 'call_logs', '--date', date, ...words], { environment })
const landSocial = (date: string, environment: Record<string, string> = {}): Promise<Ended> =>
  world.launch('extract-s3', ['run', '--dataset', 'social_media', '--date', date], { environment })

describe('a bomb as the source object', () => {
  const date = '2025-12-01'
  // A GiB in a megabyte: gzip takes members one after another for one file.
  const gzip = Buffer.concat(Array.from({ length: 64 }, () => gzipSync(Buffer.alloc(16 * mebibyte))))
  const deflated = deflateRawSync(Buffer.alloc(256 * mebibyte))
  const header = Buffer.alloc(30)
  header.writeUInt32LE(0x04034b50, 0)
  header.writeUInt16LE(8, 8)
  header.writeUInt32LE(deflated.length, 18)
  header.writeUInt32LE(256 * mebibyte, 22)
  const zip = Buffer.concat([header, deflated])

  test.each([
    ['gzip', 'CSV', undefined],
    ['gzip', 'CSV', 'gzip'],
    ['gzip', 'JSON', undefined],
    ['gzip', 'JSON', 'gzip'],
    ['zip', 'CSV', undefined],
    ['zip', 'JSON', undefined],
  ])(
    'of %s in place of a %s with Content-Encoding %s is refused by name and never opened',
    async (kind, as, encoding) => {
      await world.deliver(as === 'CSV' ? callKey(date) : socialKey(date), kind === 'gzip' ? gzip : zip, encoding)
      const { text } = await refused(() => (as === 'CSV' ? landCalls(date) : landSocial(date)))
      expect(text).toContain(kind)
    },
  )
})

describe('a line without an end', () => {
  const date = '2025-12-02'
  const start = csv([callHeaders])

  test.each([
    { what: 'a value', first: `${start}0,`, again: 'x', code: 'record_too_long' },
    { what: 'a quote that is never closed', first: `${start}0,"`, again: 'x', code: 'record_too_long' },
    { what: 'a row of nothing but commas', first: start, again: ',', code: 'record_too_long' },
    { what: 'a header', first: '', again: 'x', code: 'header_too_long' },
    { what: 'a header of nothing but commas', first: '', again: ',', code: 'header_too_long' },
  ])('of 10 GiB, $what, stops at the limit and names it', async ({ first, again, code }) => {
    const key = callKey(date)
    const store = await startEndlessStore(world.services.aws.port, {
      ...{ key, first, again },
      claimedBytes: 10 * 1024 * mebibyte,
    })
    try {
      const ended = await refused(() => landCalls(date, [], { AWS_ENDPOINT_URL_S3: store.endpoint }))
      expect(ended.codes).toEqual([code])
      expect(ended.text).toMatch(
        code === 'record_too_long' ? /longer than 20971520 bytes/ : /longer than 1048576 bytes/,
      )
      expect(store.served()).toBeLessThan(64 * mebibyte)
    } finally {
      await store.stop()
    }
  })

  test('of 100 MB, a value in the database, stops at the limit and names it', async () => {
    await world.deliverTable(date, webHeaders, [webRow(date, 'r1')])
    await world.sql.unsafe(
      `update customer_complaints.web_form_request_${date.replaceAll('-', '_')} set request_id = repeat('x', 100000000)`,
    )
    const before = await world.keys()
    const ended = await world.launch('extract-postgres', ['run', '--date', date])
    expect(ended).toMatchObject({ exitCode: 2, codes: ['record_too_long'] })
    // The server sends a row in one message, which the client holds whole.
    expect(ended.peakMib).toBeLessThan(boundMib + 300)
    expect(await world.keys()).toEqual(before)
  })
})

describe('a document', () => {
  const date = '2025-12-03'

  test('of more than 512 MiB is refused by its announced size, before a byte of it is read', async () => {
    const store = await startEndlessStore(world.services.aws.port, {
      ...{ key: socialKey(date), first: '{"complaint_id":{"0":"', again: 'x' },
      claimedBytes: 513 * mebibyte,
    })
    try {
      const ended = await refused(() => landSocial(date, { AWS_ENDPOINT_URL_S3: store.endpoint }))
      expect(ended.codes).toEqual(['object_too_large'])
      expect(ended.text).toContain(String(512 * mebibyte))
      expect(store.served()).toBe(0)
    } finally {
      await store.stop()
    }
  })

  test.each([
    ['nested 100,000 deep in a value', `{"complaint_id":{"0":${'['.repeat(100_000)}`, 'json_depth'],
    ['nested 100,000 deep in objects', `{"complaint_id":{"0":${'{"a":'.repeat(100_000)}`, 'json_depth'],
    [
      'of a million empty columns',
      `{${Array.from({ length: 1_000_000 }, (_, index) => `"${index}":{}`).join(',')}}`,
      'too_many_headers',
    ],
    ['with a column name of 8 MB', `{"${'x'.repeat(8_000_000)}":{"0":1}}`, 'name_too_long'],
    ['with a row key of 8 MB', `{"a":{"${'x'.repeat(8_000_000)}":1}}`, 'name_too_long'],
  ])('%s is refused and costs no more than its own size', async (_name, body, code) => {
    await world.deliver(socialKey(date), body)
    expect((await refused(() => landSocial(date))).codes).toEqual([code])
  })

  test('of 50,000 rows under keys that are no numbers is refused within bounds', async () => {
    const rows = Array.from({ length: 50_000 }, (_, index) => socialRow(date, `c${index}`))
    const keys = rows.map((_, index) => `key ${(index * 7919) % 50_000}`)
    await world.deliver(socialKey(date), columnJson(socialHeaders, rows, keys))
    const { codes, text } = await refused(() => landSocial(date))
    expect(codes).toEqual(['quarantined_ratio'])
    expect(text).toContain('cast:source_index 50000')
  })
})

describe('a header', () => {
  const date = '2025-12-05'
  const wide = (columns: number, name: (index: number) => string): string =>
    csv([
      [...callHeaders, ...Array.from({ length: columns }, (_, index) => name(index))],
      [...callRow(date, 'c1'), ...Array.from({ length: columns }, () => 'x')],
    ])

  test.each(['freeze', 'evolve'])('of 20,000 columns is refused under %s, in a few words', async (mode) => {
    await world.deliver(
      callKey(date),
      wide(20_000, (index) => `c${index}`),
    )
    expect((await refused(() => landCalls(date, ['--contract', mode]))).codes).toEqual(['too_many_headers'])
  })

  test('of 500 unknown columns with names of 1,000 characters is refused in a few words', async () => {
    await world.deliver(
      callKey(date),
      wide(500, (index) => `${index}${'x'.repeat(1000)}`),
    )
    const { codes, text } = await refused(() => landCalls(date))
    expect(codes).toEqual(['header'])
    expect(text).toContain('and 480 more')
  })
})

test('a sheet with a cell of 20 MB is landed or refused within bounds', async () => {
  await world.deliverSheet([[...agentHeaders], [1000, 'x'.repeat(20_000_000), 'Senior', 'Ohio']])
  const ended = await world.launch('extract-sheets', ['run', '--date', '2025-12-06', '--allow-volume-drop'])
  expect([0, 2]).toContain(ended.exitCode)
  expect(ended.peakMib).toBeLessThan(2 * boundMib)
})
