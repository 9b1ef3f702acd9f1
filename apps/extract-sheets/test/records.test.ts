import { agents } from '@coretelecoms/core'
import { describe, expect, test } from 'vitest'
import { sheetRecords } from '../src/records.ts'

const header = ['iD', 'NamE', 'experience', 'state']

describe('sheetRecords', () => {
  test('reads numbers and text alike and fills short rows up', () => {
    const { headers, records } = sheetRecords(agents, [
      header,
      [1000, 'Ada', 'Senior', 'Ohio'],
      ['1001', 'Grace'],
      [' 1004 '],
    ])
    expect(headers).toEqual(header)
    expect(records.map((record) => record.cells)).toEqual([
      ['1000', 'Ada', 'Senior', 'Ohio'],
      ['1001', 'Grace', null, null],
      [' 1004 ', null, null, null],
    ])
  })

  test('counts blank rows in the position and lands none of them', () => {
    const { records } = sheetRecords(agents, [header, [1], [], ['', ' ', ''], [2]])
    expect(records.map((record) => [record.sourceRow, record.cells[0]])).toEqual([
      [1, '1'],
      [4, '2'],
    ])
  })

  test.each([
    [1004.5, '1004.5'],
    [1e21, '1e+21'],
    [2 ** 53, '9.007199254740992e+15'],
    [2 ** 53 - 1, '9007199254740991'],
    [-0, '0'],
    [true, 'TRUE'],
    ['1,004', '1,004'],
  ])('shows %s as %s', (cell, text) => {
    expect(sheetRecords(agents, [header, [cell]]).records[0]?.cells[0]).toBe(text)
  })

  test('marks the error of a formula as a fault of its column', () => {
    const { records } = sheetRecords(agents, [header, [1, '#REF!', 'Senior', '#N/A'], [2, 'Rex #1', '', '']])
    expect(records.map((record) => record.faults)).toEqual([['cast:full_name', 'cast:state'], []])
  })

  test('keeps a cell that stands right of the headers, so that its row is too long', () => {
    const { headers, records } = sheetRecords(agents, [
      [...header, '', ' '],
      [1, 'a', 'b', 'c'],
      [2, 'a', 'b', 'c', 'stray'],
    ])
    expect(headers).toEqual(header)
    expect(records.map((record) => record.cells.length)).toEqual([4, 5])
  })

  test('marks a number that is not integral and exact as a fault, also where the contract has text', () => {
    const { records } = sheetRecords(agents, [header, [1, 1.5, 7, 2 ** 53]])
    expect(records[0]?.faults).toEqual(['cast:full_name', 'cast:state'])
  })

  test('leaves out a column without a header and without a cell, and keeps one that has either', () => {
    const gap = sheetRecords(agents, [
      ['iD', '', 'NamE'],
      [1, ' ', 'Ada'],
      [2, '', 'Grace', 'stray'],
    ])
    expect(gap.headers).toEqual(['iD', 'NamE'])
    expect(gap.records.map(({ cells }) => cells)).toEqual([
      ['1', 'Ada'],
      ['2', 'Grace', 'stray'],
    ])
    expect(gap.records[0]?.originalText).toBe('[1," ","Ada"]')
    const note = sheetRecords(agents, [
      ['iD', '', 'NamE'],
      [1, 'note', 'Ada'],
    ])
    expect(note.headers).toEqual(['iD', '', 'NamE'])
  })

  test('takes a no-break space for text, as the contract does', () => {
    expect(sheetRecords(agents, [header, ['\u00a0']]).records).toHaveLength(1)
  })

  test('finds no header in an empty tab', () => {
    expect(sheetRecords(agents, [])).toEqual({ headers: [], records: [] })
  })
})
