import fc from 'fast-check'
import { castText, type CastValue } from '../../src/contract/cast.ts'
import { trimAscii } from '../../src/contract/trim.ts'
import { shifts } from './land-csv.ts'

/** A value that was chosen, and how it stands in the CSV. */
export interface RandomCell {
  readonly text: string
  readonly written: string
}

/** A delivery that was made up, with what it says. */
export interface RandomDelivery {
  readonly csv: string
  readonly records: readonly (readonly string[])[]
}

const spaces = fc.constantFrom('', '', '', ' ', '\t', '  ')
const hostileText = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      'North',
      'South',
      '',
      'n/a',
      'NULL',
      '\\N',
      '5" pipe',
      'a,b',
      '1\n2',
      '\r\n',
      '"',
      '""',
      'é😀',
      '\u0001',
    ),
  },
  {
    weight: 2,
    arbitrary: fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', ' ', 'x', '0', 'é', '\t'), maxLength: 12 }),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 8 }).filter((text) => !text.includes('\0')) },
)

/** Texts that are, or nearly are, values of a type of the contract. */
export const nearValues = {
  int: fc.oneof(
    fc.bigInt({ min: -(2n ** 66n), max: 2n ** 66n }).map(String),
    fc.integer({ min: -20, max: 20 }).map(String),
    fc.constantFrom(
      '-0',
      '00',
      '+1',
      '1.0',
      '1e3',
      '0x1F',
      '1_000',
      '1,004',
      '١',
      '2147483647',
      '2147483648',
      '-2147483648',
      '-2147483649',
    ),
    fc.constantFrom(
      '9223372036854775807',
      '9223372036854775808',
      '-9223372036854775808',
      '-9223372036854775809',
      '-',
      '٣',
      'NaN',
      'true',
    ),
  ),
  date: fc.oneof(
    fc
      .tuple(fc.integer({ min: 0, max: 10_001 }), fc.integer({ min: 0, max: 13 }), fc.integer({ min: 0, max: 32 }))
      .map(formatDate),
    fc.constantFrom(
      '2025-1-4',
      '2025/10/14',
      'infinity',
      '-infinity',
      'epoch',
      '0001-01-01',
      '0000-12-31',
      '2024-02-29',
      '1900-02-29',
      '2000-02-29',
    ),
    fc.constantFrom(
      '2025-10-14 00:00:00',
      '10000-01-01',
      '0044-03-15 (BC)',
      '2025-10-1４',
      '+025-01-01',
      '-001-01-01',
      '2025-11-20Z',
      '9999-12-31',
    ),
  ),
  uuid: fc.oneof(
    fc.uuid(),
    fc.uuid().map((text) => text.toUpperCase()),
    fc.uuid().map((text) => `{${text}}`),
    fc.uuid().map((text) => text.replaceAll('-', '')),
    fc.uuid().map((text) => text.replace(/[0-9]/, 'g')),
    fc.uuid().map((text) => text.replace(/[0-9]/, 'é')),
  ),
  timestamp: fc
    .tuple(
      fc.oneof(
        fc.constant('2025-10-14'),
        fc.constantFrom('0001-01-01', '9999-12-31', '1969-12-31', '0000-01-01', '2025-02-30'),
      ),
      fc.constantFrom(' ', ' ', ' ', 'T', '  ', ''),
      fc.tuple(fc.integer({ min: 0, max: 25 }), fc.integer({ min: 0, max: 61 }), fc.integer({ min: 0, max: 61 })),
      fc.oneof(
        fc.constant(''),
        fc.string({ unit: fc.constantFrom('0', '1', '9'), maxLength: 8 }).map((digits) => `.${digits}`),
      ),
      fc.constantFrom('', '', '', '', 'Z', '+02', ' (BC)', ' UTC', ' '),
    )
    .map(
      ([date, between, time, fraction, zone]) =>
        `${date}${between}${time.map((part) => pad(part, 2)).join(':')}${fraction}${zone}`,
    ),
}

const cellTexts = [
  fc.oneof(
    fc.integer({ min: 0, max: 400 }).map((number) => `key ${number}`),
    hostileText,
  ),
  fc.oneof(fc.constant(''), fc.uuid(), nearValues.uuid),
  fc.oneof(fc.constant(''), fc.integer().map(String), nearValues.int),
  fc.oneof(fc.constant(''), fc.maxSafeInteger().map(String), nearValues.int),
  hostileText,
  fc.oneof(fc.constant(''), fc.constant('2025-11-20 01:02:03'), nearValues.timestamp),
  fc.oneof({ weight: 20, arbitrary: fc.constant('2025-11-20') }, { weight: 1, arbitrary: nearValues.date }),
]

const record = fc.tuple(
  fc.tuple(...cellTexts.map((text) => fc.tuple(spaces, text, spaces, fc.boolean()))),
  fc.constantFrom('\n', '\n', '\n', '\r\n'),
)

/** Deliveries of `shifts` without damage: every legal way to quote, both line ends, white space around values. */
export const randomDelivery: fc.Arbitrary<RandomDelivery> = fc
  .tuple(fc.array(record, { minLength: 1, maxLength: 60 }), fc.boolean())
  .map(([records, hasLastLineEnd]) => {
    const lines = records.map(
      ([cells, lineEnd]) =>
        cells.map(([before, text, after, isQuoted]) => writeCell(before + text + after, isQuoted)).join(',') + lineEnd,
    )
    const csv = lines.join('')
    return {
      csv: hasLastLineEnd ? csv : csv.replace(/\r?\n$/, ''),
      records: records.map(([cells]) => cells.map(([before, text, after]) => before + text + after)),
    }
  })

/** What the contract makes of one record, read by nothing of the writer's: its values, or undefined when it is bad. */
export function expectedValues(texts: readonly string[]): (CastValue | null)[] | undefined {
  const values: (CastValue | null)[] = []
  for (const [index, column] of shifts.columns.entries()) {
    const text = trimAscii(texts[index] ?? '')
    const isNull = text === '' || column.nullTokens.includes(text)
    const value = isNull ? null : castText(column.type, text)
    if (value === undefined || (value === null && column.required)) return undefined
    values.push(value)
  }
  return values.at(-1) === castText('date', '2025-11-20') ? values : undefined
}

// A quote at the start of a value, white space before it or not, must be quoted: bare it would be a bad quote.
function writeCell(text: string, isQuoted: boolean): string {
  const mustQuote = /[,\n\r]|^\s*"/.test(text)
  return isQuoted || mustQuote ? `"${text.replaceAll('"', '""')}"` : text
}

function formatDate([year, month, day]: [number, number, number]): string {
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`
}

function pad(number: number, digits: number): string {
  return String(number).padStart(digits, '0')
}
