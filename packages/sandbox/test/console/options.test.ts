import { ConfigError } from '@coretelecoms/core'
import { expect, test } from 'vitest'
import { parseStartOptions } from '../../src/console/options.ts'

const silent = { write: () => undefined }
const parse = (...argv: string[]) => parseStartOptions(argv, silent)

test('without a flag it is three days of a small world', () => {
  expect(parse()).toEqual({
    sources: undefined,
    days: 3,
    scale: 0.01,
    seed: 1,
    date: '2025-11-20',
    keep: false,
    fresh: false,
    guardFlags: [],
    ports: {},
  })
})

test('every flag is taken', () => {
  const words = '--sources dir --days 5 --scale 1 --seed 0 --date 2024-02-29 --keep --fresh --allow-empty'
  expect(
    parse(...words.split(' '), '--allow-volume-drop', '--allow-quarantined', '--ports', 'aws=9001,sheets=9002'),
  ).toEqual({
    sources: 'dir',
    days: 5,
    scale: 1,
    seed: 0,
    date: '2024-02-29',
    keep: true,
    fresh: true,
    guardFlags: ['--allow-quarantined', '--allow-volume-drop', '--allow-empty'],
    ports: { aws: 9001, sheets: 9002 },
  })
})

test.each([
  [['--bogus'], "unknown option '--bogus'; npm start -- --help lists the flags"],
  [['word'], 'npm start -- --help lists the flags'],
  [['--sources', ''], '--sources: give the folder that the files are in'],
  [['--days'], "option '--days <n>' argument missing"],
  [['--days', '0'], '--days 0: give a whole number from 1 to 365'],
  [['--days', '366'], '--days 366: give a whole number from 1 to 365'],
  [['--days', '2.5'], '--days 2.5: give a whole number from 1 to 365'],
  [['--days', ''], '--days : give a whole number'],
  [['--scale', '0'], '--scale 0: give a number from 0.0001 to 1'],
  [['--scale', '1.5'], '--scale 1.5: give a number from 0.0001 to 1'],
  [['--scale', 'NaN'], '--scale NaN: give a number'],
  [['--seed', '-1'], '--seed -1: give a whole number'],
  [['--seed', '4294967296'], '--seed 4294967296: give a whole number'],
  [['--date', '2025-02-30'], '2025-02-30'],
  [['--date', '20.11.2025'], '20.11.2025'],
  [['--date', '2025-11-20..2025-11-21'], '--date is one day; --days says how many'],
  [['--ports', 'web=80'], '--ports web=80: the services are aws, postgres, sheets, snowflake'],
  [['--ports', 'aws'], '--ports aws: give it a port, as in aws=9001'],
  [['--ports', 'aws=0'], '--ports aws 0: give a whole number from 1 to 65535'],
  [['--ports', 'aws=70000'], '--ports aws 70000: give a whole number from 1 to 65535'],
])('%j is refused', (argv, message) => {
  expect(() => parse(...argv)).toThrow(ConfigError)
  expect(() => parse(...argv)).toThrow(message)
})

test('--help is printed and asks for nothing to be run', () => {
  let printed = ''
  expect(parseStartOptions(['--help'], { write: (text) => (printed += text) })).toBeUndefined()
  expect(printed).toContain('--sources <folder>')
  expect(printed).toContain('aws=9001,postgres=9002,sheets=9003,snowflake=9004')
})
