import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { castText } from '../../src/contract/cast.ts'
import { trimAscii } from '../../src/contract/trim.ts'

describe('castText', () => {
  test.each([
    ['int32', '0', 0],
    ['int32', '-2147483648', -2147483648],
    ['int32', '2147483647', 2147483647],
    ['int64', '9223372036854775807', 9223372036854775807n],
    ['int64', '-9223372036854775808', -9223372036854775808n],
    ['uuid', 'D6966473-6FB0-4045-B33D-1F3B555E2762', 'd6966473-6fb0-4045-b33d-1f3b555e2762'],
    ['date', '1970-01-01', 0],
    ['date', '0001-01-01', -719162],
    ['date', '9999-12-31', 2932896],
    ['date', '2024-02-29', 19782],
    ['timestamp', '1970-01-01 00:00:00', 0n],
    ['timestamp', '1969-12-31 23:59:59.999999', -1n],
    ['timestamp', '2025-11-20 12:00:00.100', 1763640000100000n],
    ['string', 'NULL', 'NULL'],
  ] as const)('%s takes %s', (type, text, value) => {
    expect(castText(type, text)).toBe(value)
  })

  test.each([
    ...[
      '01004',
      '+1004',
      '1004.0',
      '1e3',
      '1,004',
      '1_000',
      '0x1F',
      '-0',
      '--1',
      '2147483648',
      '-2147483649',
      '',
      '١',
    ].map((text) => ['int32', text] as const),
    ...['9223372036854775808', '-9223372036854775809'].map((text) => ['int64', text] as const),
    ...[
      '0000-01-01',
      '2025-02-29',
      '2025-13-01',
      '2025-00-10',
      '2025-1-4',
      '2025/01/04',
      '10000-01-01',
      'infinity',
      'epoch',
      '2025-10-14 21:32:54',
      '2025-01-01 (BC)',
      '0044-03-15 BC',
    ].map((text) => ['date', text] as const),
    ...[
      '2025-11-20T12:00:00',
      '2025-11-20 24:00:00',
      '2025-11-20 12:00:60',
      '2025-11-20 12:60:00',
      '2025-11-20 12:00',
      '2025-11-20 12:00:00+02',
      '2025-11-20 12:00:00Z',
      '2025-11-20 12:00:00.1234567',
      '2025-11-20 12:00:00.',
      '2025-02-30 00:00:00',
      'infinity',
      '2025-11-20',
    ].map((text) => ['timestamp', text] as const),
    ...[
      'd6966473-6fb0-4045-b33d-1f3b555e276',
      '{d6966473-6fb0-4045-b33d-1f3b555e2762}',
      'd69664736fb04045b33d1f3b555e2762',
    ].map((text) => ['uuid', text] as const),
  ])('%s refuses %s', (type, text) => {
    expect(castText(type, text)).toBeUndefined()
  })

  test('every integer that it takes prints back as the text', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
        (value) => castText('int64', String(value)) === value,
      ),
    )
  })

  test('every date between years 1 and 9999 becomes the days that JavaScript counts', () => {
    const day = fc.date({
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-31T00:00:00Z'),
      noInvalidDate: true,
    })
    fc.assert(
      fc.property(
        day,
        (date) => castText('date', date.toISOString().slice(0, 10)) === Math.floor(date.getTime() / 86_400_000),
      ),
    )
  })
})

test('trimAscii takes the six ASCII white spaces and nothing else', () => {
  expect(trimAscii('\t\n\v\f\r  a b \r\n')).toBe('a b')
  expect(trimAscii('\u00a0a\ufeff')).toBe('\u00a0a\ufeff')
  expect(trimAscii(' \t ')).toBe('')
})
