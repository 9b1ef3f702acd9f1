import type { PartitionResult, RunResult } from '@coretelecoms/core'
import { expect, test } from 'vitest'
import { reconcile, type Reconciliation } from '../../src/platform/reconcile.ts'
import { martLine, partition, run } from './results.ts'

const day = '2025-11-20'
const datasets = ['customers', 'agents', 'call_logs', 'social_media', 'web_forms']

/** A day on which all went well, changed by a test in what it is about. */
function wholeDay(change: { [dataset: string]: PartitionResult | undefined } = {}) {
  const landings = datasets.flatMap((dataset) =>
    dataset in change ? (change[dataset] ?? []) : partition(dataset, day, 'published', { read: 10 }),
  )
  return {
    days: [day],
    extractions: [run(landings)],
    load: run(datasets.map((dataset) => partition(dataset, day, 'loaded'))) as RunResult | undefined,
    marts: datasets.map((dataset) => martLine(dataset, day)),
    declaredLate: [] as Parameters<typeof reconcile>[0]['declaredLate'],
  }
}

function verdictOf({ lines }: Reconciliation, dataset: string): string | undefined {
  return lines.find((line) => line.dataset === dataset)?.verdict
}

test('a day on which every hop balances is exit 0, with a line a dataset in the order in which people list them', () => {
  const { lines, exitCode } = reconcile(wholeDay())
  expect(lines.map((line) => [line.dataset, line.verdict])).toEqual(datasets.map((name) => [name, 'balanced']))
  expect(exitCode).toBe(0)
})

test('lines go by dataset and then by day, whatever the order in which the apps ended', () => {
  const days = ['2025-11-20', '2025-11-21']
  const landings = days
    .toReversed()
    .flatMap((date) => datasets.toReversed().map((dataset) => partition(dataset, date, 'published', { read: 10 })))
  const { lines } = reconcile({
    ...wholeDay(),
    days,
    extractions: [run(landings.slice(0, 4)), run(landings.slice(4))],
    marts: days.flatMap((date) => datasets.map((dataset) => martLine(dataset, date))),
  })
  expect(lines.map((line) => `${line.dataset} ${line.date}`)).toEqual(
    datasets.flatMap((dataset) => days.map((date) => `${dataset} ${date}`)),
  )
})

test.each([
  ['the mart itself says so', { isBalanced: false }],
  ['a row of the source is gone', { source: 11 }],
  ['a row was not loaded', { loaded: 8 }],
  ['a row was doubled in staging', { staged: 8 }],
  ['the app read other rows than the mart counts', { source: 12, landed: 11, loaded: 11, staged: 9 }],
])('a line does not balance where %s, and the run is exit 1', (_name, counts) => {
  const world = wholeDay()
  const marts = world.marts.map((line) => (line.dataset === 'call_logs' ? { ...line, ...counts } : line))
  const result = reconcile({ ...world, marts })
  expect(verdictOf(result, 'call_logs')).toBe('DOES NOT BALANCE')
  expect(verdictOf(result, 'web_forms')).toBe('balanced')
  expect(result.exitCode).toBe(1)
})

test('a dataset that no app said anything about is not in order, and neither is a run without any result', () => {
  const result = reconcile(wholeDay({ agents: undefined }))
  expect(verdictOf(result, 'agents')).toBe('not attempted')
  expect(result.exitCode).toBe(1)
  expect(reconcile({ ...wholeDay(), extractions: [], load: run([]) }).exitCode).toBe(1)
})

test('a delivery that is late is exit 3, unless the world declares it', () => {
  const world = wholeDay({ social_media: partition('social_media', day, 'not_delivered') })
  const late = reconcile(world)
  expect(verdictOf(late, 'social_media')).toBe('not delivered yet')
  expect(late.exitCode).toBe(3)
  expect(reconcile({ ...world, declaredLate: [{ dataset: 'social_media', day }] }).exitCode).toBe(0)
  expect(reconcile({ ...world, declaredLate: [{ dataset: 'social_media', day: '2025-11-21' }] }).exitCode).toBe(3)
})

test('a day between two others that no file names is none of the world', () => {
  const world = wholeDay()
  const between = datasets.map((dataset) => partition(dataset, '2025-11-21', 'not_delivered'))
  const result = reconcile({ ...world, extractions: [run([...(world.extractions[0]?.results ?? []), ...between])] })
  expect(result.lines).toHaveLength(datasets.length)
  expect(result.exitCode).toBe(0)
})

test('a refusal outweighs a failure that may pass, and that outweighs a late day', () => {
  const error = { code: 'header', message: '', is_retryable: false }
  const refused = partition('agents', day, 'failed', { error })
  const failed = partition('customers', day, 'failed', { exit_code: 1, error: { ...error, code: 'aws' } })
  const late = partition('social_media', day, 'not_delivered')
  const all = reconcile(wholeDay({ agents: refused, customers: failed, social_media: late }))
  expect(all.lines.map((line) => line.verdict)).toEqual([
    'failed: aws',
    'refused: header',
    'balanced',
    'not delivered yet',
    'balanced',
  ])
  expect(all.exitCode).toBe(2)
  expect(reconcile(wholeDay({ customers: failed, social_media: late })).exitCode).toBe(1)
})

test('a static dataset that did not change has its line on the day it was published, and none later', () => {
  const unchanged = partition('agents', '2025-11-21', 'unchanged', { published_date: day })
  const daily = datasets
    .filter((dataset) => dataset !== 'agents')
    .map((dataset) => partition(dataset, '2025-11-21', 'published', { read: 10 }))
  const world = wholeDay()
  const result = reconcile({
    ...world,
    days: [day, '2025-11-21'],
    extractions: [...world.extractions, run([unchanged, ...daily])],
    marts: [...world.marts, ...daily.map(({ dataset }) => martLine(dataset, '2025-11-21'))],
  })
  expect(result.lines.filter((line) => line.dataset === 'agents').map((line) => line.date)).toEqual([day])
  expect(result.exitCode).toBe(0)
})

test('a line is unchanged only where both the extractor and the loader wrote nothing', () => {
  const world = wholeDay({ agents: partition('agents', day, 'unchanged', { read: 10, published_date: day }) })
  expect(verdictOf(reconcile(world), 'agents')).toBe('balanced')
  const load = run([partition('agents', day, 'unchanged')])
  expect(verdictOf(reconcile({ ...world, load }), 'agents')).toBe('unchanged')
})

test('what was published and not loaded, or loaded and not modelled, is told and never exit 0', () => {
  const error = { code: 'fingerprint', message: '', is_retryable: false }
  const world = wholeDay()
  const load = run([partition('web_forms', day, 'failed', { error })])
  const notLoaded = reconcile({ ...world, load })
  expect(verdictOf(notLoaded, 'web_forms')).toBe('not loaded: fingerprint')
  expect(notLoaded.exitCode).toBe(2)
  const notModelled = reconcile({ ...world, marts: [] })
  expect(verdictOf(notModelled, 'web_forms')).toBe('not in the marts')
  expect(notModelled.exitCode).toBe(1)
})

test('an app that failed before its first delivery counts', () => {
  const world = wholeDay()
  const broken = run([], { exit_code: 2, error: { code: 'settings', message: '', is_retryable: false } })
  expect(reconcile({ ...world, extractions: [...world.extractions, broken] }).exitCode).toBe(2)
})
