import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readSourcesFolder } from '../../../src/world/read-sources-folder.ts'
import { expectedFigures } from '../../../src/world/truth/expected-figures.ts'
import type { ExpectedFigures } from '../../../src/world/truth/expected-figures.ts'
import { readWorldRecord } from '../../../src/world/world-record.ts'
import { writeWorld } from '../../../src/world/write-world.ts'
import { call, customerId, headers, smallSources } from '../small-sources.ts'
import { makeFolder, makeFolderOf, sourceSamples } from '../world-folder.ts'

async function figuresOf(files: Record<string, string | Buffer>, allowAll = true): Promise<ExpectedFigures> {
  const world = await readSourcesFolder(await makeFolderOf(smallSources(files)))
  return expectedFigures(world, allowAll ? { maxQuarantinedRatio: 1 } : {})
}

function calls(...records: string[]): string {
  return [headers.calls, ...records, ''].join('\n')
}

// Counted by hand in the files.
test('the real samples come to the figures that a person counts', async () => {
  const figures = await expectedFigures(await readSourcesFolder(sourceSamples))
  expect(
    figures.deliveries.map(({ dataset, sourceRows, landedRows, quarantinedRows, stagedRows }) => {
      return [dataset, sourceRows, landedRows, quarantinedRows, stagedRows]
    }),
  ).toEqual([
    ['customers', 10, 10, 0, 10],
    ['agents', 10, 10, 0, 10],
    ['call_logs', 10, 10, 0, 10],
    ['social_media', 10, 10, 0, 10],
    ['web_forms', 10, 10, 0, 10],
  ])
  expect(figures.complaints).toEqual({
    total: 30,
    byChannel: { call: 10, web: 10, social: 10 },
    byCategory: { 'Technician Support': 7, Payments: 8, 'Router Delivery': 8, 'Network Failure': 7 },
    byStatus: { Resolved: 5, Backlog: 6, 'In-Progress': 13, Blocked: 6 },
    resolved: 5,
    open: 25,
    resolutionRate: 5 / 30,
    // Web 302 h 38 min and 291 h 25 min, social 130 h 57 min: the middle one.
    medianResolutionHours: 291 + 25 / 60,
    statusChanges: 30,
    unknownCustomers: 30,
    unknownAgents: 28,
  })
  expect(figures.customers).toEqual({
    total: 10,
    byEmailDomain: { 'gmail.com': 6, 'yahoo.com': 3, 'hotmail.com': 1 },
    byStateCode: { NY: 2, UT: 1, MP: 1, LA: 1, MD: 1, OR: 1, CO: 1, NC: 1, AA: 1 },
  })
})

test('the files of a generated world hold what the generator says it put into them', async () => {
  const folder = join(await makeFolder(), 'w')
  const world = await writeWorld({ folder, seed: 11, days: 3, scale: 0.004 })
  const figures = await expectedFigures(world)
  const record = await readWorldRecord(folder)
  const declared = record?.declared ?? []
  expect(declared).toHaveLength(10)
  expect(
    figures.deliveries.map(({ dataset, day, sourceRows, reasons, warnings, refusal }) => {
      return { dataset, day, sourceRows, reasons, warnings, refusal }
    }),
  ).toEqual(
    declared.map(({ dataset, day, rows, quarantined, warnings }) => {
      return { dataset, day, sourceRows: rows, reasons: quarantined, warnings, refusal: undefined }
    }),
  )
  const redelivered = declared.reduce((sum, file) => sum + file.redelivered, 0)
  const landed = figures.deliveries.filter(({ day }) => day !== undefined)
  expect(redelivered).toBeGreaterThan(20)
  expect(figures.complaints.total).toBe(landed.reduce((sum, { landedRows }) => sum + landedRows, 0) - redelivered)
  expect(figures.complaints.statusChanges).toBe(figures.complaints.total + redelivered)
  expect(figures.complaints.unknownAgents).toBe(declared.reduce((sum, file) => sum + file.unknownAgents, 0))
  // Bad customers are unknown as well, so there are at least those that were made so.
  const unknown = declared.reduce((sum, file) => sum + file.unknownCustomers, 0)
  expect(figures.complaints.unknownCustomers).toBeGreaterThanOrEqual(unknown)
  expect(figures.complaints.unknownCustomers).toBeLessThan(unknown + 30)
})

test('every reason of a row counts, in the order of the columns', async () => {
  const bad = call('', { customer: 'nobody', agent: '01004', start: '2025-02-30 10:00:00', day: '2025-11-19' })
  const figures = await figuresOf({ 'call_logs_day_2025-11-20.csv': calls(bad, call('b')) })
  expect(figures.deliveries[2]).toMatchObject({ sourceRows: 2, landedRows: 1, quarantinedRows: 1 })
  expect(Object.keys(figures.deliveries[2]?.reasons ?? {})).toEqual([
    'required:call_id',
    'cast:customer_id',
    'cast:agent_id',
    'cast:call_started_at',
    'partition',
  ])
})

test('of a repeated key the first good row lands, trimmed, and a bad one before it does not count', async () => {
  const rows = [call('a', { agent: 'abc' }), call(' a '), call('a', { status: 'Resolved' }), call('A')]
  const figures = await figuresOf({ 'call_logs_day_2025-11-20.csv': calls(...rows) })
  expect(figures.deliveries[2]?.reasons).toEqual({ 'cast:agent_id': 1, repeated_key: 1 })
  expect(figures.complaints).toMatchObject({ total: 2, resolved: 0 })
})

test('a complaint delivered again counts once, in its latest state, and its changes are counted', async () => {
  const figures = await figuresOf({
    'call_logs_day_2025-11-20.csv': calls(call('a'), call('b', { status: 'Resolved' })),
    'call_logs_day_2025-11-21.csv': calls(
      call('a', { status: 'resolved', day: '2025-11-21' }),
      call('c', { day: '2025-11-21' }),
    ),
    'call_logs_day_2025-11-22.csv': calls(
      call('a', { status: 'Resolved', day: '2025-11-22' }),
      call('b', { day: '2025-11-22' }),
    ),
  })
  expect(figures.complaints).toMatchObject({
    total: 3,
    resolved: 1,
    open: 2,
    statusChanges: 5,
    medianResolutionHours: null,
  })
  expect(figures.deliveries.slice(2).map(({ stagedRows, deduplicatedRows }) => [stagedRows, deduplicatedRows])).toEqual(
    [
      [0, 2],
      [1, 1],
      [2, 0],
    ],
  )
  expect(figures.deliveries[3]?.warnings).toEqual({ 'allowed:resolution_status': 1 })
  expect(figures.daily).toContainEqual({
    day: '2025-11-21',
    channel: 'call',
    category: 'Payments',
    total: 2,
    resolved: 1,
    open: 1,
    medianResolutionHours: null,
  })
})

test('resolution hours are those of web and social media, Resolved, to the second', async () => {
  const row = (id: string, status: string, resolved: string) =>
    `0,${id},${customerId(1)},Payments,1004,${status},2025-03-01 00:00:00,${resolved},2025-11-20`
  const figures = await figuresOf({
    'web_form_request_2025_11_20.csv': [
      headers.webForms,
      row('a', 'Resolved', '2025-03-01 01:00:00'),
      row('b', 'RESOLVED', '2025-03-02 00:00:36'),
      row('c', 'Blocked', '2025-03-09 00:00:00'),
      row('d', 'Resolved', ''),
    ].join('\n'),
  })
  expect(figures.complaints).toMatchObject({ resolved: 3, medianResolutionHours: (1 + 24.01) / 2 })
})

test('more bad rows than a contract lets through, or far fewer rows than before, refuse the delivery', async () => {
  const good = (day: string) => Array.from({ length: 4 }, (_, index) => call(`${day}-${index}`, { day }))
  const figures = await figuresOf(
    {
      'call_logs_day_2025-11-20.csv': calls(...good('2025-11-20')),
      'call_logs_day_2025-11-21.csv': calls(...good('2025-11-21'), call('x', { day: '2025-11-21', agent: 'abc' })),
      'call_logs_day_2025-11-22.csv': calls(call('y', { day: '2025-11-22' })),
    },
    false,
  )
  expect(figures.deliveries.slice(2).map(({ refusal }) => refusal)).toEqual([
    undefined,
    '1 of 5 rows break the contract',
    '1 rows, where the delivery before had 4',
  ])
  expect(figures.complaints.total).toBe(4)
})

test('a delivery that cannot be read as a whole is refused with its reason', async () => {
  const figures = await figuresOf({
    'call_logs_day_2025-11-20.csv': `${headers.calls},surprise\n`,
    'media_complaint_day_2025-11-20.json': '[]',
  })
  expect(figures.deliveries[2]?.refusal).toContain('the header "surprise" is unknown')
  expect(figures.deliveries[3]?.refusal).toContain('an object is due')
})

test('only the domain of an address is repaired', async () => {
  const customer = (number: number, email: string, address: string) =>
    `${customerId(number)},Brian Wagner,M,1982-06-14,2010-03-07,${email},"${address}"`
  const figures = await figuresOf({
    'customers_dataset.csv': [
      headers.customers,
      customer(1, 'brian.omalley@yahoo.com', 'PSC 2383, Box 3666\nAPO AA 12094'),
      customer(2, 'a@GmaiL.om', 'USS Ward\nFPO AE 12345'),
      customer(3, 'a.omb@hotmai.com', '1 Gu PR 12345 Way\nNorth Tyler, GU 96395-1234'),
      customer(4, '', 'nowhere'),
    ].join('\n'),
  })
  expect(figures.customers).toEqual({
    total: 4,
    byEmailDomain: { 'yahoo.com': 1, 'gmail.com': 1, 'hotmail.com': 1, '': 1 },
    byStateCode: { AA: 1, AE: 1, GU: 1, '': 1 },
  })
})
