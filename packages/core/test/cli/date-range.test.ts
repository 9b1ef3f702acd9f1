import { describe, expect, test } from 'vitest'
import { parseDateRange } from '../../src/cli/date-range.ts'

describe('parseDateRange', () => {
  test('reads a day and a range with both its ends', () => {
    expect(parseDateRange('2025-11-20')).toEqual(['2025-11-20'])
    expect(parseDateRange('2024-02-28..2024-03-01')).toEqual(['2024-02-28', '2024-02-29', '2024-03-01'])
  })

  test.each([
    '',
    'yesterday',
    '2025-02-30',
    '2025-11-20..',
    '..2025-11-20',
    '2025-11-21..2025-11-20',
    '2025-11-20..2025-11-21..2025-11-22',
    '2025-11-20/../x',
  ])('refuses %j', (text) => {
    expect(() => parseDateRange(text)).toThrow(/--date/)
  })
})
