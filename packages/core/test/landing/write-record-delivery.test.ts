import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { rowFingerprint, rowText } from '../../src/contract/fingerprint.ts'
import type { Reason, RejectedRow } from '../../src/contract/reasons.ts'
import { defineDataset } from '../../src/datasets/define-dataset.ts'
import type { SourceRecord, WriteOptions, WrittenDelivery } from '../../src/landing/delivery.ts'
import { createRejectionLog } from '../../src/landing/rejection-log.ts'
import { writeRecordDelivery } from '../../src/landing/write-record-delivery.ts'

const dataset = defineDataset({
  name: 'shifts',
  description: 'Shifts.',
  version: 1,
  cadence: 'daily',
  source: { kind: 'sheet', title: 't', tab: 'shifts' },
  key: 'shift_id',
  partition: 'shift_date',
  partitionColumn: 'shift_date',
  columns: [
    { name: 'shift_id', type: 'int32', required: true, description: '' },
    { name: 'shift_date', type: 'date', required: true, description: '' },
    { name: 'place', type: 'string', allowed: ['North'], nullTokens: ['n/a'], description: '' },
  ],
})

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'records-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function write(
  rows: (string | null)[][],
  change: Partial<WriteOptions> = {},
  headers = ['Shift ID', 'shift_date', 'place'],
  faults: readonly Reason[] = [],
): Promise<{ written: WrittenDelivery; rejected: RejectedRow[] }> {
  const aliased = {
    ...dataset,
    columns: dataset.columns.map((column) => ({ ...column, aliases: column.name === 'shift_id' ? ['shift id'] : [] })),
  }
  const rejections = createRejectionLog(folder)
  const records = rows.map((cells, index): SourceRecord => ({
    sourceRow: index + 1,
    cells,
    originalText: JSON.stringify(cells),
    faults,
  }))
  const written = await writeRecordDelivery(
    { kind: 'records', identity: { uri: 'sheets://x/shifts', version: 'v', bytes: undefined }, headers, records },
    {
      dataset: aliased,
      partitionDate: '2025-11-20',
      unknownColumns: 'freeze',
      lineage: { loadedAt: new Date('2025-11-21T00:00:00Z'), loadId: 'l', sourceUri: 'u', contractVersion: 'shifts@1' },
      scratchDirectory: folder,
      rejections,
      onProgress: () => undefined,
      signal: new AbortController().signal,
      ...change,
    },
  )
  return { written, rejected: await Array.fromAsync(rejections.rows()) }
}

describe('writeRecordDelivery', () => {
  test('lands good rows and sets each bad one aside with all its reasons', async () => {
    const { written, rejected } = await write([
      [' 1 ', '2025-11-20', 'North'],
      ['01', '2025-11-21', 'North'],
      [null, 'soon', ''],
      ['1', '2025-11-20', 'South'],
      ['2', '2025-11-20'],
      ['3', '2025-11-20', 'a', 'b'],
      ['4', '2025-11-20', 'nul\0'],
      ['5', '2025-11-20', 'lone \ud800'],
      ['6', '2025-11-20', ' n/a '],
      ['7', '2025-11-20', 'north'],
    ])
    expect(rejected.map((row) => [row.sourceRow, row.reasons])).toEqual([
      [2, ['cast:shift_id', 'partition']],
      [3, ['required:shift_id', 'cast:shift_date']],
      [4, ['repeated_key']],
      [5, ['too_few_fields']],
      [6, ['too_many_fields']],
      [7, ['invalid_text']],
      [8, ['invalid_text']],
    ])
    expect(written).toMatchObject({ rowsRead: 10, rowsLanded: 3, warnings: { 'allowed:place': 1 } })
    const day = 20412
    const texts = [rowText([1, day, 'North'], 1), rowText([6, day, null], 9), rowText([7, day, 'north'], 10)]
    expect(written.fingerprint).toBe(texts.map(rowFingerprint).reduce((sum, part) => sum + part))
  })

  test('a key counts as repeated only among good rows', async () => {
    const { rejected } = await write([
      ['1', 'never', null],
      ['1', '2025-11-20', null],
    ])
    expect(rejected.map((row) => row.sourceRow)).toEqual([1])
  })

  test('keeps unknown columns as JSON under evolve', async () => {
    const headers = ['shift_id', 'shift_date', 'place', 'Bonus %']
    const { written } = await write([['1', '2025-11-20', '', '7']], { unknownColumns: 'evolve' }, headers)
    expect(written.fingerprint).toBe(rowFingerprint(rowText([1, 20412, null, '{"Bonus %":"7"}'], 1)))
  })

  test('sets a row aside for what the adapter found in it, beside what the contract finds', async () => {
    const { rejected } = await write([['1', 'never', '#REF!']], {}, undefined, ['cast:place', 'cast:shift_date'])
    expect(rejected.map((row) => row.reasons)).toEqual([['cast:shift_date', 'cast:place']])
  })

  test('makes no part when every row is bad', async () => {
    const { written } = await write([['x', null, null]])
    expect(written).toMatchObject({ parts: [], rowsRead: 1, rowsLanded: 0 })
  })
})
