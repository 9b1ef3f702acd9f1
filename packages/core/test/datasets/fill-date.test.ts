import { expect, test } from 'vitest'
import { fillDate } from '../../src/datasets/fill-date.ts'

test('writes the day into the name of a delivery as the source does', () => {
  expect(fillDate('call logs/call_logs_day_{date}.csv', '2025-11-20')).toBe('call logs/call_logs_day_2025-11-20.csv')
  expect(fillDate('web_form_request_{date_}', '2025-11-20')).toBe('web_form_request_2025_11_20')
  expect(fillDate('customers/customers_dataset.csv', '2025-11-20')).toBe('customers/customers_dataset.csv')
})
