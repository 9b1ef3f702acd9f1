import { columnHeaders, type PlatformError, socialMedia } from '@coretelecoms/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { csvBytes } from '../../src/json-columns/csv-bytes.ts'
import { type ColumnDocument, readDocument } from '../../src/json-columns/document.ts'
import { parseQuotedCsv } from './csv.ts'

const knownHeaders = new Set(socialMedia.columns.flatMap(columnHeaders))

function read(json: string | Buffer): ColumnDocument {
  return readDocument({ bytes: Buffer.from(json), name: 'social_media 2025-11-20', knownHeaders })
}

function records(json: string | Buffer): string[][] {
  const csv = Buffer.concat([...csvBytes(read(json), { rowKeyHeader: '(row key)', chunkBytes: 64 })])
  return parseQuotedCsv(csv.toString('utf8'))
}

function failure(json: string | Buffer): PlatformError {
  try {
    read(json)
  } catch (error) {
    return error as PlatformError
  }
  throw new Error('the document was accepted')
}

describe('a column-oriented document', () => {
  test('becomes one record a row, in the order of the first column', () => {
    expect(records('{"a":{"3":"x","0":"y"},"b":{"3":1,"0":null}}')).toEqual([
      ['(row key)', 'a', 'b'],
      ['3', 'x', '1'],
      ['0', 'y', ''],
    ])
  })

  test('keeps the source text of what is no string', () => {
    const values = '9007199254740993,1004.0,1e3,-0,true,false,{"k": [1, "two"]},[]'
    const json = `{"a":{${values
      .split(/,(?![^{]*\})/)
      .map((value, index) => `"${index}":${value}`)
      .join(',')}}}`
    expect(records(json).map(([, value]) => value)).toEqual([
      'a',
      '9007199254740993',
      '1004.0',
      '1e3',
      '-0',
      'true',
      'false',
      '{"k": [1, "two"]}',
      '[]',
    ])
  })

  test('matches values by row key when another column has another order', () => {
    expect(records('{"a":{"1":"a1","2":"a2","x":"a3"},"b":{"x":"b3","2":"b2","1":"b1"}}').slice(1)).toEqual([
      ['1', 'a1', 'b1'],
      ['2', 'a2', 'b2'],
      ['x', 'a3', 'b3'],
    ])
  })

  test('makes a record of too few fields of a row that is missing in a column', () => {
    expect(records('{"a":{"1":"a1","2":"a2"},"b":{"2":"b2","9":"b9"}}').slice(1)).toEqual([
      ['1', 'a1'],
      ['2', 'a2', 'b2'],
      ['9', 'b9'],
    ])
  })

  test('takes __proto__ and constructor for names like any other', () => {
    expect(records('{"__proto__":{"__proto__":"p","constructor":"c"},"b":{"constructor":1,"__proto__":2}}')).toEqual([
      ['(row key)', '__proto__', 'b'],
      ['__proto__', 'p', '2'],
      ['constructor', 'c', '1'],
    ])
  })

  test('knows a row key by what it means, however it is escaped', () => {
    expect(records('{"a":{"7":"x"},"b":{"\\u0037":"y"}}').slice(1)).toEqual([['7', 'x', 'y']])
  })

  test('may hold columns of nothing but nulls, and no rows at all', () => {
    expect(records('{"a":{"1":null},"b":{"1":null}}').slice(1)).toEqual([['1', '', '']])
    expect(records('{"a":{},"b":{}}')).toEqual([['(row key)', 'a', 'b']])
  })

  test('may be laid out on lines', () => {
    const json = JSON.stringify({ a: { 1: 'x' }, b: { 1: '{' } }, null, '\t').replaceAll('\n', '\r\n')
    expect(records(json).slice(1)).toEqual([['1', 'x', '{']])
  })
})

describe('bad text', () => {
  test('comes out as bytes that are no UTF-8: lone surrogates and broken sequences', () => {
    const json = Buffer.concat([
      Buffer.from('{"a":{"1":"\\ud800","2":"\\udc00\\ud800x","3":"caf'),
      Buffer.from([0xe9]),
      Buffer.from('","4":"\\ud83d\\ude00"}}'),
    ])
    const csv = Buffer.concat([...csvBytes(read(json), { rowKeyHeader: undefined })])
    expect(csv.toString('latin1')).toBe(
      '"a"\n"í\u00a0\u0080"\n"í°\u0080í\u00a0\u0080x"\n"café"\n"ð\u009f\u0098\u0080"\n',
    )
  })

  test('comes out as a NUL, escaped or raw', () => {
    expect(records('{"a":{"1":"x\\u0000","2":"\0"}}').slice(1)).toEqual([
      ['1', 'x\0'],
      ['2', '\0'],
    ])
  })
})

describe('another shape is refused by name', () => {
  const cases: [string, string | Buffer, string, RegExp][] = [
    ['nothing', '', 'empty_document', /nothing at all/],
    ['white space', ' \n', 'empty_document', /nothing at all/],
    ['an empty object', '{}', 'empty_document', /no column/],
    ['an array of records', '[{"complaint_id":"x"}]', 'json_shape', /array of records/],
    ['NDJSON', '{"complaint_id":"x","agent ID":1}\n{"complaint_id":"y"}\n', 'json_shape', /NDJSON/],
    ['a single record', '{"complaint_id":"x"}', 'json_shape', /a single record/],
    ['rows', '{"0":{"complaint_id":"x","agent ID":1},"1":{"complaint_id":"y"}}', 'json_shape', /row-oriented/],
    ['pandas split', '{"columns":["a"],"index":[0],"data":[["x"]]}', 'json_shape', /a column is an array/],
    ['a scalar', '"x"', 'json_syntax', /an object of columns is due/],
    ['a column twice with other rows', '{"a":{"1":"x","1":"y"}}', 'repeated_row_key', /a row key twice/],
    ['a row key twice by escape', '{"a":{"1":"x","\\u0031":"y"}}', 'repeated_row_key', /a row key twice/],
    ['trailing text', '{"a":{"1":"x"}} x', 'json_trailing', /something follows/],
    ['two documents', '{"a":{"1":"x"}}\n{"a":{"1":"x"}}', 'json_trailing', /another document follows/],
    ['a trailing comma', '{"a":{"1":"x",}}', 'json_syntax', /string is due/],
    ['a number with a leading zero', '{"a":{"1":01}}', 'json_syntax', /comma or a closing brace/],
    ['NaN', '{"a":{"1":NaN}}', 'json_syntax', /a JSON value is due/],
    ['single quotes', "{'a':{}}", 'json_syntax', /string is due/],
    ['a line break in a string', '{"a":{"1":"x\ny"}}', 'json_syntax', /must go on or end/],
    ['a bad escape', '{"a":{"1":"\\x41"}}', 'json_syntax', /escape sequence/],
    ['a bad unicode escape', '{"a":{"1":"\\u00g1"}}', 'json_syntax', /hexadecimal/],
    ['an abyss', `{"a":{"1":${'['.repeat(200_000)}`, 'json_depth', /levels deep/],
    [
      'a thousand and one columns',
      `{${Array.from({ length: 1001 }, (_, index) => `"${index}":{}`).join(',')}}`,
      'too_many_headers',
      /more than 1000 columns/,
    ],
    ['a column name without an end', `{"${'x'.repeat(70_000)}":{}}`, 'name_too_long', /longer than 65536 bytes/],
    ['a row key without an end', `{"a":{"${'x'.repeat(70_000)}":1}}`, 'name_too_long', /longer than 65536 bytes/],
    ['a name that is no Unicode', '{"\\ud800":{}}', 'invalid_header', /valid Unicode/],
  ]
  test.each(cases)('%s', (_name, json, code, message) => {
    expect(failure(json)).toMatchObject({ code, exitCode: 2, message: expect.stringMatching(message) as string })
  })

  test('at whatever byte the document is truncated', () => {
    const json = '{"a b":{"1":"x\\u00e9","2":-1.5e+3},"b":{"1":[true,{"k":null}],"2":false}}'
    for (let length = 1; length < json.length; length++) {
      expect([length, failure(json.slice(0, length)).code]).toEqual([length, 'json_truncated'])
    }
  })
})

describe('columns with different row keys', () => {
  const column = (rows: number, first = 0): Record<string, number> =>
    Object.fromEntries(Array.from({ length: rows }, (_, row) => [`r${row + first}`, row]))

  test('are accepted up to ten rows or one row in a hundred', () => {
    expect(read(JSON.stringify({ a: column(20), b: column(10) })).rowKeys.length).toBe(20)
    expect(read(JSON.stringify({ a: column(2000), b: column(1990, 10) })).rowKeys.length).toBe(2000)
  })

  test('are refused beyond that, with what each column has', () => {
    const error = failure(JSON.stringify({ a: column(100), b: column(89) }))
    expect(error).toMatchObject({ code: 'uneven_columns', exitCode: 2 })
    expect(error.message).toContain('11 of 100 rows are missing in one of them ("a" 100, "b" 89)')
  })
})

describe('against the parser of the language', () => {
  const scalar = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
  )
  const key = fc.oneof(fc.nat().map(String), fc.string(), fc.constantFrom('__proto__', 'toString', ''))

  test('every document of scalars comes out as it is, in any layout', () => {
    const table = fc.record({
      keys: fc.uniqueArray(key, { minLength: 1, maxLength: 30 }),
      headers: fc.uniqueArray(fc.string({ maxLength: 12 }), { minLength: 1, maxLength: 5 }),
      values: fc.array(scalar, { minLength: 150, maxLength: 150 }),
      indent: fc.constantFrom(0, 2),
      isReversed: fc.boolean(),
    })
    fc.assert(
      fc.property(table, ({ keys, headers, values, indent, isReversed }) => {
        const gap = ' '.repeat(indent)
        const cell = (column: number, row: number): unknown => values[column * 30 + row]
        const columns = headers.map((header, column) => {
          const entries = keys.map(
            (name, row) => `${JSON.stringify(name)}${gap}:${gap}${JSON.stringify(cell(column, row))}`,
          )
          if (isReversed && column % 2 === 1) entries.reverse()
          return `${JSON.stringify(header)}:${gap}{${gap}${entries.join(`${gap},`)}}`
        })
        const text = (value: unknown): string =>
          typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value)
        expect(records(`{${columns.join(',')}}`)).toEqual([
          ['(row key)', ...headers],
          ...keys.map((name, row) => [name, ...headers.map((_, column) => text(cell(column, row)))]),
        ])
      }),
    )
  })

  test('what JSON.parse refuses is refused, whatever damage was done', () => {
    const base = '{"a": {"1": "x\\u00e9", "2": -1.5e+3}, "b": {"1": [true, {"k": null}], "2": false}}'
    const damage = fc.record({
      at: fc.nat({ max: base.length }),
      removed: fc.nat({ max: 3 }),
      added: fc.string({ unit: fc.constantFrom(...Array.from('{}[]",:\\u0123eE+-. tfn\n')), maxLength: 3 }),
    })
    let accepted = 0
    fc.assert(
      fc.property(damage, ({ at, removed, added }) => {
        const json = base.slice(0, at) + added + base.slice(at + removed)
        const isJson = parses(json)
        const isAccepted = accepts(json)
        accepted += isAccepted ? 1 : 0
        return !isAccepted || isJson
      }),
      { numRuns: 2000 },
    )
    expect(accepted).toBeGreaterThan(0)
  })
})

function parses(json: string): boolean {
  try {
    JSON.parse(json)
    return true
  } catch {
    return false // that is the question asked
  }
}

function accepts(json: string): boolean {
  try {
    read(json)
    return true
  } catch {
    return false // that is the question asked
  }
}
