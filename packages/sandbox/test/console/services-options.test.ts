import { ConfigError } from '@coretelecoms/core'
import { expect, test } from 'vitest'
import { parseAirflowOptions } from '../../src/console/airflow-options.ts'
import { parseServicesOptions } from '../../src/console/services-options.ts'

const silent = { write: () => undefined }
const parse = (...argv: string[]) => parseServicesOptions(argv, silent)

test('without a flag the services listen here and key files lie where they are', () => {
  expect(parse('--settings', 'dir')).toMatchObject({
    settings: 'dir',
    bind: '127.0.0.1',
    host: '127.0.0.1',
    secretsPath: undefined,
    days: 3,
    scale: 0.01,
  })
})

test('every flag of the services mode is taken', () => {
  const words = '--settings dir --host sandbox --bind 0.0.0.0 --secrets-path /run/secrets --days 2 --ports aws=9001'
  expect(parse(...words.split(' '))).toMatchObject({
    host: 'sandbox',
    bind: '0.0.0.0',
    secretsPath: '/run/secrets',
    days: 2,
    ports: { aws: 9001 },
  })
})

test.each([
  [[], /--settings <folder>' not specified; services --help lists the flags/],
  [['--settings', ''], /--settings: give a folder/],
  [['--settings', 'x', '--bind', '10.0.0.1'], /--bind 10\.0\.0\.1: give 127\.0\.0\.1 or 0\.0\.0\.0/],
  [['--settings', 'x', '--host', 'a b'], /--host a b: give a host name/],
])('%j is refused in a sentence', (argv, message) => {
  expect(() => parse(...argv)).toThrow(ConfigError)
  expect(() => parse(...argv)).toThrow(message)
})

test("Airflow's page is on the port that is asked for", () => {
  expect(parseAirflowOptions([], silent)?.port).toBeUndefined()
  expect(parseAirflowOptions(['--port', '9000', '--seed', '4'], silent)).toMatchObject({ port: 9000, seed: 4 })
  expect(() => parseAirflowOptions(['--port', 'x'], silent)).toThrow(/--port x: give a whole number from 1 to 65535/)
  expect(() => parseAirflowOptions(['--keep'], silent)).toThrow(/unknown option '--keep'.*; npm run airflow -- --help/)
})
