import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readColumnObjects } from '../../../src/world/truth/column-objects.ts'

function read(document: string): [string, [string, string | null][]][] {
  return readColumnObjects(document, 'file.json').map(([header, cells]) => [header, [...cells]])
}

test('rows keep the order of the document, whatever their keys look like', () => {
  expect(read('{"a":{"9":"x","2":"y","__proto__":"z"}}')).toEqual([
    [
      'a',
      [
        ['9', 'x'],
        ['2', 'y'],
        ['__proto__', 'z'],
      ],
    ],
  ])
})

test('a value that is no text counts as it is written', () => {
  expect(read('{"a":{"0":1004.0,"1":9007199254740993,"2":true,"3":null,"4":{"b":[1, "}"]}}}')).toEqual([
    [
      'a',
      [
        ['0', '1004.0'],
        ['1', '9007199254740993'],
        ['2', 'true'],
        ['3', null],
        ['4', '{"b":[1, "}"]}'],
      ],
    ],
  ])
})

test.each([
  ['an array of records', '[{"a":1}]'],
  ['rows in place of columns', '{"0":"x"}'],
  ['a document that ends early', '{"a":{"0":"x"'],
  ['lines of JSON', '{"a":{"0":"x"}}\n{"a":{"0":"y"}}'],
  ['a column twice', '{"a":{"0":"x"},"a":{"0":"y"}}'],
  ['a row twice', '{"a":{"0":"x","0":"y"}}'],
  ['a bare word', '{"a":{"0":NaN}}'],
  ['nothing', ''],
])('%s is refused', (_, document) => {
  expect(() => read(document)).toThrow(/file\.json: .* at character \d+/)
})

test('what JSON.stringify writes comes back', () => {
  const cells = fc.dictionary(fc.string({ unit: 'binary' }), fc.oneof(fc.string({ unit: 'binary' }), fc.constant(null)))
  fc.assert(
    fc.property(fc.dictionary(fc.string(), cells), fc.constantFrom(undefined, 2), (columns, indent) => {
      const expected = Object.entries(columns).map(([header, column]) => [header, Object.entries(column)])
      expect(read(JSON.stringify(columns, undefined, indent))).toEqual(expected)
    }),
  )
})
