import { expect, test } from 'vitest'
import { formatTable } from '../../src/console/table.ts'

test('numbers stand right, with thousands apart, and words left', () => {
  expect(
    formatTable(
      ['dataset', 'rows'],
      [
        ['customers', 2_500_000],
        ['agents', 100],
      ],
    ),
  ).toBe(['dataset         rows', '─────────  ─────────', 'customers  2,500,000', 'agents           100'].join('\n'))
})

test('a cell without a value keeps its column, and no line ends in blanks', () => {
  const lines = formatTable(
    ['dataset', 'rows', 'verdict'],
    [
      ['agents', 7, 'balanced'],
      ['calls', '', 'late'],
      ['web', '', ''],
    ],
  ).split('\n')
  expect(lines.slice(2)).toEqual(['agents      7  balanced', 'calls          late', 'web'])
})

test('a table of no rows is its header', () => {
  expect(formatTable(['day', 'rows'], [])).toBe('day  rows\n───  ────')
})
