import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rowFingerprint, rowText } from '../../src/contract/fingerprint.ts'
import type { RejectedRow } from '../../src/contract/reasons.ts'
import { ContractError } from '../../src/errors/contract-error.ts'
import { landCsv, type Landing, shiftsHeader } from './land-csv.ts'
import { expectedValues, randomDelivery } from './random-csv.ts'

const runs = { numRuns: 40, endOnFailure: true }

describe('a random delivery', () => {
  test('lands exactly the values and rows that an independent model gives, whatever the size of a chunk', async () => {
    await fc.assert(
      fc.asyncProperty(
        randomDelivery,
        fc.integer({ min: 300, max: 6000 }),
        fc.integer({ min: 1, max: 500 }),
        async (random, chunkBytes, pieceBytes) => {
          const { rows, rejected, written } = await landCsv(`${shiftsHeader}\n${random.csv}`, {
            sizes: { chunkBytes },
            pieceBytes,
          })
          const expected: Landing['rows'] = new Map()
          const keys = new Set<unknown>()
          for (const [index, texts] of random.records.entries()) {
            const values = expectedValues(texts)
            if (!values || keys.has(values[0])) continue
            keys.add(values[0])
            expected.set(index + 1, values)
          }
          expect(rows).toEqual(expected)
          expect(written.rowsRead).toBe(random.records.length)
          const aside = [...random.records.keys()].map((index) => index + 1).filter((row) => !expected.has(row))
          expect(rejected.map(({ sourceRow }) => sourceRow)).toEqual(aside)
          const sum = [...expected].reduce((total, [row, values]) => total + rowFingerprint(rowText(values, row)), 0n)
          expect(written.fingerprint).toBe(sum)
        },
      ),
      runs,
    )
  }, 120_000)

  test('with random damage lands and sets aside every row, or is refused; no value is ever another', async () => {
    const damage = fc.array(
      fc.tuple(fc.nat(), fc.constantFrom('"', ',', '\n', '\r', '\r\n', '\0', '\xff', '', ' "', '""', '"x"y', '\n\n')),
      { minLength: 1, maxLength: 3 },
    )
    let landed = 0
    await fc.assert(
      fc.asyncProperty(randomDelivery, damage, async (random, places) => {
        const csv = hurt(random.csv, places)
        const landing = await landCsv(csv).catch(orRefused)
        if (!landing) return
        landed++
        const { written, rows, rejected } = landing
        expect(written.rowsLanded + rejected.length).toBe(written.rowsRead)
        const positions = [...rows.keys(), ...rejected.map(({ sourceRow }) => sourceRow)].sort((a, b) => a - b)
        expect(positions).toEqual(Array.from({ length: written.rowsRead }, (_, index) => index + 1))
        expectNothingLost(csv, landing)
        const sound = new Set(random.records.map((texts) => describeRow(expectedValues(texts))))
        const changed = [...rows.values()].filter((values) => !sound.has(describeRow(values)))
        expect(changed.length).toBeLessThanOrEqual(2 * places.length)
      }),
      { ...runs, numRuns: 60 },
    )
    expect(landed).toBeGreaterThan(20)
  }, 120_000)

  test('gives the same rows and the same rejections at every size of a chunk', async () => {
    await fc.assert(
      fc.asyncProperty(
        randomDelivery,
        fc.nat(),
        fc.constantFrom('"x"y', '"', ',', '\xff', '\n\n'),
        async (random, place, text) => {
          const csv = hurt(random.csv, [[place, text]])
          const outcomes = []
          for (const chunkBytes of [250, 1000, 1_000_000]) {
            outcomes.push(
              await landCsv(csv, { sizes: { chunkBytes } }).then(
                ({ rows, rejected, written }) => ({
                  rows,
                  rejected,
                  fingerprint: written.fingerprint,
                  read: written.rowsRead,
                }),
                (error: unknown) => (error instanceof ContractError ? error.code : error),
              ),
            )
          }
          expect(outcomes[1]).toEqual(outcomes[0])
          expect(outcomes[2]).toEqual(outcomes[0])
        },
      ),
      { ...runs, numRuns: 12 },
    )
  }, 120_000)
})

test('bytes of no kind at all are refused or set aside, never a fault of the writer', async () => {
  for (let round = 0; round < 15; round++) {
    const noise = Buffer.concat([Buffer.from(`${shiftsHeader}\n`), randomBytes(20_000)])
    const landing = await landCsv(noise).catch(orRefused)
    expect(landing?.rows.size ?? 0).toBe(0)
  }
})

function orRefused(error: unknown): undefined {
  if (!(error instanceof ContractError)) throw error
}

function hurt(csv: string, places: readonly (readonly [number, string])[]): Buffer {
  let bytes = Buffer.from(csv)
  for (const [place, text] of places) {
    const position = place % (bytes.length + 1)
    const rest = bytes.subarray(text === '' ? Math.min(position + 1, bytes.length) : position)
    bytes = Buffer.concat([bytes.subarray(0, position), Buffer.from(text, 'latin1'), rest])
  }
  return Buffer.concat([Buffer.from(`${shiftsHeader}\n`), bytes])
}

function describeRow(values: readonly unknown[] | undefined): string {
  return (values ?? []).map(String).join('|')
}

/** Every letter and digit of the rows stands in a landed value or in the text of a row that was set aside. */
function expectNothingLost(csv: Buffer, { rows, rejected }: Landing): void {
  const source = csv.subarray(shiftsHeader.length).toString('latin1')
  for (const word of ['North', 'South', 'NULL', 'pipe', 'key']) {
    const landed = [...rows.values()].flat().map(String).join('\n')
    const aside = rejected.map((row: RejectedRow) => row.originalText).join('\n')
    expect(count(landed, word) + count(aside, word)).toBe(count(source, word))
  }
}

function count(text: string, word: string): number {
  return text.split(word).length - 1
}
