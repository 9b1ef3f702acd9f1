import fc from 'fast-check'
import { expect, test } from 'vitest'
import { epochDay } from '../../../src/world/calendar.ts'
import { declareFile } from '../../../src/world/generate/declaration.ts'
import { makeDeliveredRows } from '../../../src/world/generate/delivered-row.ts'
import type { DeliveredRow } from '../../../src/world/generate/delivered-row.ts'
import { dailyDatasetNames } from '../../../src/world/world.ts'
import type { DailyDatasetName } from '../../../src/world/world.ts'

const days = ['2025-11-20', '2025-11-21', '2025-11-22', '2025-11-23']
const size = { customers: 5000, call_logs: 1500, social_media: 1500, web_forms: 1500 }

function rowsOf(dataset: DailyDatasetName, dayIndex: number, seed = 1): DeliveredRow[] {
  const declaration = declareFile(dataset, days[dayIndex])
  return [...makeDeliveredRows({ seed, dataset, size, days, dayIndex, declaration })]
}

const idPatterns = {
  call_logs: /^[A-Z][a-z]{2}[\da-f]{4}[KQX][\da-f]{32}\d{2,4}[\da-f]{9}[KQX](ak|gd|wq|ad)$/,
  social_media: /^[a-z]{3}[\da-f]{4}[KQX][\da-f]{32}\d{2,4}[\da-f]{9}[KQX](ak|gd|wq|ad)$/,
  web_forms: /^[a-z]{2}[\da-f]{6}[KQX][\da-f]{32}\d{3,4}[\da-f]{4}[KQX](ak|gd|wq|ad)$/,
}

test('complaint ids look like real ones and hold the UUID of their customer', () => {
  fc.assert(
    fc.property(fc.constantFrom(...dailyDatasetNames), fc.nat(3), fc.nat(0xffff_ffff), (dataset, dayIndex, seed) => {
      for (const { id, customerId, defect } of rowsOf(dataset, dayIndex, seed)) {
        if (defect === 'repeated_key') continue
        expect(id).toMatch(idPatterns[dataset])
        expect(id.length >= 51 && id.length <= 56).toBe(true)
        expect(id).toContain(customerId.replaceAll('-', ''))
      }
    }),
    { numRuns: 10 },
  )
})

test('a call takes 4 to 13 whole minutes and a resolution less than 26 days, whole minutes too', () => {
  const second = (text: string) => Date.parse(`${text.replace(' ', 'T')}Z`) / 1000
  let resolutions = 0
  for (const { startedAt, endedAt, resolvedAt, status, defect } of rowsOf('web_forms', 1)) {
    if (defect === 'bad_timestamp') continue
    const minutes = (second(endedAt) - second(startedAt)) / 60
    expect(Number.isInteger(minutes) && minutes >= 4 && minutes <= 13).toBe(true)
    expect(resolvedAt !== '').toBe(status.toLowerCase() === 'resolved')
    if (resolvedAt === '') continue
    resolutions++
    const lag = second(resolvedAt) - second(startedAt)
    expect(lag % 60 === 0 && lag >= 0 && lag < 26 * 86_400).toBe(true)
  }
  expect(resolutions).toBeGreaterThan(100)
})

test('events lie in the ten months before the delivery', () => {
  const good = rowsOf('call_logs', 0).filter(({ defect }) => defect === undefined)
  const ages = good.map(({ startedAt }) => epochDay('2025-11-20') - epochDay(startedAt.slice(0, 10)))
  expect(Math.min(...ages)).toBeGreaterThanOrEqual(27)
  expect(Math.max(...ages)).toBeLessThanOrEqual(330)
  expect(Math.max(...ages) - Math.min(...ages)).toBeGreaterThan(290)
})

test('statuses and categories are about a quarter each', () => {
  const rows = rowsOf('call_logs', 0)
  for (const status of ['Resolved', 'Backlog', 'In-Progress', 'Blocked']) {
    const share = rows.filter((row) => row.status === status).length / rows.length
    expect(share).toBeGreaterThan(0.2)
    expect(share).toBeLessThan(0.3)
  }
})

test('the pandas index rises and has gaps', () => {
  const indexes = rowsOf('call_logs', 0).map(({ sourceIndex }) => sourceIndex)
  expect(indexes[0]).toBe(0)
  expect(indexes.every((index, place) => place === 0 || index > (indexes[place - 1] ?? 0))).toBe(true)
  expect(indexes.at(-1)).toBeGreaterThan(2 * indexes.length)
})

test('later days deliver complaints of earlier days again, each time in another status', () => {
  const last = new Map<string, DeliveredRow>()
  const pairs: (readonly [before: DeliveredRow, after: DeliveredRow])[] = []
  for (const row of days.flatMap((_, dayIndex) => rowsOf('social_media', dayIndex))) {
    if (row.defect !== undefined) continue
    const before = last.get(row.id)
    if (before) pairs.push([before, row])
    last.set(row.id, row)
  }
  expect(pairs).toHaveLength(3 * 15)
  for (const [before, after] of pairs) {
    expect(after.status).not.toBe(before.status)
    expect(after.generationDate > before.generationDate).toBe(true)
    const { customerId, category, startedAt } = before
    expect(after).toMatchObject({ customerId, category, startedAt })
  }
})

test('some complaints name a customer or an agent that nobody delivers', () => {
  const declaration = declareFile('call_logs')
  const options = { seed: 1, dataset: 'call_logs' as const, size, days, dayIndex: 0, declaration }
  const rows = [...makeDeliveredRows(options)]
  expect(declaration.unknownCustomers).toBe(8)
  expect(declaration.unknownAgents).toBe(2)
  expect(rows.filter(({ agentId }) => /^110[0-4]$/.test(agentId))).toHaveLength(2)
})
