import fc from 'fast-check'
import { expect, test } from 'vitest'
import { castText, datasets, trimAscii } from '@coretelecoms/core'
import { isAccepted, trimSpace } from '../../../src/world/truth/accepted-text.ts'
import { datasetShapes } from '../../../src/world/truth/dataset-shapes.ts'

const digits = fc.string({ unit: fc.constantFrom(...Array.from('0123456789-:. +eT')), maxLength: 27 })
const near = fc.oneof(
  digits,
  fc.string(),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString().slice(0, 19).replace('T', ' ')),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10)),
  fc.bigInt({ min: -(2n ** 65n), max: 2n ** 65n }).map(String),
  fc.constantFrom('2147483647', '2147483648', '-2147483648', '-2147483649', '0000-01-01', '2025-02-29', '-0', '01004'),
  fc.uuid(),
)

test('two independent readings of the contract accept the same texts', () => {
  fc.assert(
    fc.property(near, fc.constantFrom('uuid', 'int32', 'int64', 'date', 'timestamp'), (text, type) => {
      expect([text, isAccepted(type, text)]).toEqual([text, castText(type, text) !== undefined])
    }),
    { numRuns: 3000 },
  )
})

test('two independent readings of the contract trim the same', () => {
  const spaced = fc.string({ unit: fc.constantFrom('\t', '\n', '\v', '\f', '\r', ' ', '\u00a0', '\ufeff', '\0', 'x') })
  fc.assert(
    fc.property(spaced, (text) => {
      expect(trimSpace(text)).toBe(trimAscii(text))
    }),
  )
})

test('the shapes of the figures are those of the contracts', () => {
  const fold = (text: string) => text.replace(/\s/g, '').toLowerCase()
  expect(datasets).toHaveLength(5)
  for (const dataset of datasets) {
    const shape = datasetShapes[dataset.name as keyof typeof datasetShapes]
    expect(shape.key).toBe(dataset.key)
    expect(shape.dayColumn).toBe(dataset.partitionColumn)
    expect(
      shape.columns.map(({ name, header, type, isRequired, allowed }) => [
        name,
        fold(header),
        type,
        isRequired,
        allowed ?? [],
      ]),
    ).toEqual(
      dataset.columns.map(({ name, aliases, type, required, allowed }) => [
        name,
        fold(aliases[0] ?? name),
        type,
        required,
        [...allowed],
      ]),
    )
  }
})
