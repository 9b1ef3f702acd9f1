import { describe, expect, test } from 'vitest'
import { type DatasetOptions, defineDataset } from '../../src/datasets/define-dataset.ts'
import { datasets } from '../../src/datasets/registry.ts'

const base: DatasetOptions = {
  name: 'orders',
  description: 'Orders.',
  version: 1,
  cadence: 'daily',
  source: { kind: 's3-csv', key: 'orders/{date}.csv' },
  key: 'order_id',
  partition: 'order_date',
  partitionColumn: 'order_date',
  columns: [
    { name: 'order_id', type: 'string', required: true, description: 'Key.' },
    { name: 'order_date', type: 'date', required: true, description: 'Day.' },
  ],
}

describe('defineDataset', () => {
  test('fills every default', () => {
    const dataset = defineDataset(base)
    expect(dataset).toMatchObject({ unknownColumns: 'freeze', maxQuarantinedRatio: 0.01, minRowRatio: 0.5 })
    expect(dataset.columns[0]).toEqual({
      name: 'order_id',
      aliases: [],
      type: 'string',
      required: true,
      allowed: [],
      nullTokens: [],
      personalData: 'none',
      description: 'Key.',
    })
  })

  test.each([
    ['a name that is not snake_case', { name: 'Orders' }, /"Orders" is not a snake_case name/],
    ['a name that would climb out of a key', { partition: '../x' }, /not a snake_case name/],
    ['a key that is not there', { key: 'nope' }, /the key "nope" is not a required column/],
    ['a partition column that is not there', { partitionColumn: 'nope' }, /is not a required date column/],
  ])('refuses %s', (_, change, message) => {
    expect(() => defineDataset({ ...base, ...change })).toThrow(message)
  })

  test('refuses two columns that answer to one header', () => {
    const columns = [
      ...base.columns,
      { name: 'day', aliases: ['ORDER date', 'order_date'], type: 'date', description: '' } as const,
    ]
    expect(() => defineDataset({ ...base, columns })).toThrow(/header "order_date" means both "order_date" and "day"/)
  })
})

test('the five contracts hold the columns of the design in their order', () => {
  expect(
    Object.fromEntries(datasets.map(({ name, columns }) => [name, columns.map((column) => column.name).join(' ')])),
  ).toEqual({
    customers: 'customer_id full_name gender birth_date signup_date email address',
    agents: 'agent_id full_name experience state',
    call_logs:
      'call_id customer_id agent_id complaint_category resolution_status call_started_at call_ended_at generation_date source_index',
    social_media:
      'complaint_id customer_id agent_id complaint_category resolution_status media_channel requested_at resolved_at generation_date source_index',
    web_forms:
      'request_id customer_id agent_id complaint_category resolution_status requested_at resolved_at generation_date source_index',
  })
})
