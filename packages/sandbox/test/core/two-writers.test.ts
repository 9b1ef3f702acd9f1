import { defineDataset, rowFingerprint, rowText } from '@coretelecoms/core'
import fc from 'fast-check'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readWithDuckDb, readWithParquetjs, readWithPyarrow } from './parquet-readers.ts'
import { writeBoth } from './write-both.ts'

const dataset = defineDataset({
  name: 'limits',
  description: 'A column of every type.',
  version: 1,
  cadence: 'static',
  source: { kind: 's3-csv', key: 'limits.csv' },
  key: 'id',
  partition: 'snapshot_date',
  unknownColumns: 'evolve',
  columns: [
    { name: 'id', type: 'string', required: true, description: '' },
    { name: 'person', type: 'uuid', description: '' },
    { name: 'small', type: 'int32', description: '' },
    { name: 'big', type: 'int64', description: '' },
    { name: 'day', type: 'date', description: '' },
    { name: 'moment', type: 'timestamp', description: '' },
    { name: 'words', type: 'string', allowed: ['listed', 'ünlisted?'], nullTokens: ['n/a'], description: '' },
  ],
})
const headers = [...dataset.columns.map(({ name }) => name), 'Extra "one"', '7', 'extra two']
const megabyte = 'Zwölf 😀 "Boxkämpfer",\n'.repeat(40_000)
const uuid = 'ABCDEF01-2345-6789-ABCD-EF0123456789'

// Source text, and the value that must land: null, text, whole number, days, microseconds.
const good: readonly (readonly [cells: readonly (string | null)[], landed: readonly (string | null)[]])[] = [
  [
    [
      'lowest',
      uuid,
      '-2147483648',
      '-9223372036854775808',
      '0001-01-01',
      '0001-01-01 00:00:00',
      'listed',
      'x',
      '',
      null,
    ],
    [
      'lowest',
      uuid.toLowerCase(),
      '-2147483648',
      '-9223372036854775808',
      '-719162',
      '-62135596800000000',
      'listed',
      '{"Extra \\"one\\"":"x"}',
    ],
  ],
  [
    [
      'highest',
      null,
      '2147483647',
      '9223372036854775807',
      '9999-12-31',
      '9999-12-31 23:59:59.999999',
      '',
      'x',
      'y',
      'z',
    ],
    [
      'highest',
      null,
      '2147483647',
      '9223372036854775807',
      '2932896',
      '253402300799999999',
      null,
      '{"7":"y","Extra \\"one\\"":"x","extra two":"z"}',
    ],
  ],
  [
    ['before 1970', '', '0', '-1', '1969-12-31', '1969-12-31 23:59:59.999999', ' n/a ', null, null, null],
    ['before 1970', null, '0', '-1', '-1', '-1', null, null],
  ],
  [
    ['leap', null, '-1', '9007199254740993', '2024-02-29', '1600-02-29 12:34:56.1', 'ünlisted?', '\\', '\u001f', '\t'],
    [
      'leap',
      null,
      '-1',
      '9007199254740993',
      '19782',
      '-11670953103900000',
      'ünlisted?',
      '{"7":"\\u001f","Extra \\"one\\"":"\\\\"}',
    ],
  ],
  [
    ['👩‍👩‍👧‍👦 é', null, null, null, null, null, '\u202eעברית مرحبا\u202c', null, null, null],
    ['👩‍👩‍👧‍👦 é', null, null, null, null, null, '\u202eעברית مرحبا\u202c', null],
  ],
  [
    ['odd text', null, null, null, null, null, '\ufeffNULL \\N \u2028\u0085\u00a0"\r\n,\u001e\u001f', null, null, null],
    ['odd text', null, null, null, null, null, '\ufeffNULL \\N \u2028\u0085\u00a0"\r\n,\u001e\u001f', null],
  ],
  [
    [
      '\t outer space \r\n',
      null,
      ' 7 ',
      '\t8',
      ' 2025-11-20 ',
      '2025-11-20 00:00:00.000001 ',
      '  in  side  ',
      ' ',
      '',
      null,
    ],
    ['outer space', null, '7', '8', '20412', '1763596800000001', 'in  side', null],
  ],
  [
    ['a megabyte', null, null, null, null, null, megabyte, null, null, null],
    ['a megabyte', null, null, null, null, null, megabyte.trimEnd(), null],
  ],
]
const bad: readonly (readonly [cells: readonly (string | null)[], reasons: readonly string[]])[] = [
  [
    ['b1', 'abc', '2147483648', '9223372036854775808', '0000-12-31', '9999-12-31 24:00:00', '', '', '', ''],
    ['cast:person', 'cast:small', 'cast:big', 'cast:day', 'cast:moment'],
  ],
  [
    ['b2', null, '01', '+1', '10000-01-01', '2025-11-20T00:00:00', null, null, null, null],
    ['cast:small', 'cast:big', 'cast:day', 'cast:moment'],
  ],
  [
    ['b3', null, '1e3', '1.0', '2025-02-29', '2025-11-20 00:00:00.1234567', null, null, null, null],
    ['cast:small', 'cast:big', 'cast:day', 'cast:moment'],
  ],
  [['', null, null, null, null, null, null, null, null, null], ['required:id']],
  [['lowest', null, null, null, null, null, null, null, null, null], ['repeated_key']],
  [['b4', null, null, null, null, null, 'nul \0', null, null, null], ['invalid_text']],
]

const lineage = (sourceRow: number): string[] => [
  '1763697906789000',
  '019ab000-0000-7000-8000-000000000001',
  "s3://it's/ü %+.csv",
  String(sourceRow),
  'limits@1',
]

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cx-writers-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('the two writers', () => {
  test('land the same values, under the same schema, with the same fingerprint, whoever reads them', async () => {
    const rows = [...good, ...bad].map(([cells]) => cells)
    const { records, csv } = await writeBoth(folder, { dataset, headers, rows })
    const expected = good.map(([, landed], index) => [...landed, ...lineage(index + 1)])

    for (const [{ file }, isReadableByParquetjs] of [
      [records, true],
      [csv, false],
    ] as const) {
      const duckDb = await readWithDuckDb(file)
      const pyarrow = await readWithPyarrow(file)
      const parquetjs = await readWithParquetjs(file, isReadableByParquetjs)
      expect(duckDb.rows).toEqual(expected)
      expect(pyarrow.rows).toEqual(expected)
      expect(parquetjs.rows).toEqual(isReadableByParquetjs ? expected : [])
      expect([duckDb, pyarrow, parquetjs].map(({ schema }) => schema)).toEqual(schemas)
    }

    const reasons = bad.map(([, found], index) => ({ sourceRow: good.length + index + 1, reasons: found }))
    const fingerprint = good
      .map(([, landed], index) => rowFingerprint(rowText(landed, index + 1)))
      .reduce((sum, part) => sum + part)
    for (const { written, rejected } of [records, csv]) {
      expect(rejected).toEqual(reasons)
      expect(written).toMatchObject({ rowsRead: rows.length, rowsLanded: good.length, fingerprint })
      expect(written.warnings).toEqual({ 'allowed:words': 4 })
    }
  }, 60_000)

  test('agree about any rows', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.constantFrom('', ' ', 'n/a', 'listed', '"', ',', '\n', '\r\n', '\\', '\ufeff', '0', '-0', '7', '007'),
    )
    const number = fc.oneof(fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }).map(String), fc.integer().map(String))
    const day = fc.date({ min: new Date(-62167219200000), max: new Date(253402300799999), noInvalidDate: true })
    const cell = (usual: fc.Arbitrary<string>): fc.Arbitrary<string | null> =>
      fc.oneof(
        { weight: 6, arbitrary: usual },
        { weight: 1, arbitrary: text },
        { weight: 1, arbitrary: fc.constant(null) },
      )
    const row = fc.tuple(
      cell(text),
      cell(fc.uuid()),
      cell(number),
      cell(number),
      cell(day.map((date) => date.toISOString().slice(0, 10))),
      cell(day.map((date) => date.toISOString().slice(0, 23).replace('T', ' '))),
      cell(text),
      cell(text),
      cell(text),
      cell(text),
    )
    let run = 0
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 30 }), async (rows) => {
        run += 1
        const own = await mkdtemp(join(folder, `${run}-`))
        const { records, csv } = await writeBoth(own, { dataset, headers, rows })
        expect(csv.rejected).toEqual(records.rejected)
        expect(csv.written.rowsLanded).toBe(records.written.rowsLanded)
        expect(csv.written.warnings).toEqual(records.written.warnings)
        expect(csv.written.fingerprint).toBe(records.written.fingerprint)
      }),
      { numRuns: 25 },
    )
  }, 60_000)
})

// What DuckDB, pyarrow and parquetjs-lite call the types of a part, its fields by their order.
const names = [...dataset.columns.map(({ name }) => name), '_extra']
const lineageNames = ['_loaded_at', '_load_id', '_source_uri', '_source_row', '_contract_version']
const inOrder = (types: readonly string[]): (readonly [string, string])[] =>
  [...names, ...lineageNames].map((name, index) => [name, types[index] ?? ''])
const schemas = [
  inOrder([
    ...['VARCHAR', 'VARCHAR', 'INTEGER', 'BIGINT', 'DATE', 'TIMESTAMP', 'VARCHAR', 'VARCHAR'],
    ...['TIMESTAMP WITH TIME ZONE', 'VARCHAR', 'VARCHAR', 'BIGINT', 'VARCHAR'],
  ]),
  inOrder([
    ...['string', 'string', 'int32', 'int64', 'date32[day]', 'timestamp[us]', 'string', 'string'],
    ...['timestamp[us, tz=UTC]', 'string', 'string', 'int64', 'string'],
  ]),
  inOrder([
    ...['string', 'string', 'int32', 'int64', 'date', 'timestamp', 'string', 'string'],
    ...['instant', 'string', 'string', 'int64', 'string'],
  ]),
]
