import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { rowFingerprint, rowText } from '../../src/contract/fingerprint.ts'
import { customers } from '../../src/datasets/customers.ts'
import { callLogs } from '../../src/datasets/call-logs.ts'
import { ContractError } from '../../src/errors/contract-error.ts'
import { landCsv, type Landing, type LandCsvOptions, shifts, shiftsHeader } from './land-csv.ts'

const day = 20_412 // 2025-11-20 in days
const date = '2025-11-20'

/** A row of `shifts` with only its required values and a place. */
function row(id: string, place = ''): string {
  return `${id},,,,${place},,${date}`
}

function csv(...rows: string[]): string {
  return [shiftsHeader, ...rows].join('\n') + '\n'
}

function uuid(last: number): string {
  return `0e5e9c1a-3b5f-4c8e-9d6a-${String(last).padStart(12, '0')}`
}

function reasons({ rejected }: Landing): Record<number, string> {
  return Object.fromEntries(rejected.map(({ sourceRow, reasons }) => [sourceRow, reasons.join(' ')]))
}

function places({ rows }: Landing): Record<number, unknown> {
  return Object.fromEntries([...rows].map(([sourceRow, values]) => [sourceRow, values[4]]))
}

async function refusal(content: string | Buffer, options?: LandCsvOptions): Promise<{ code: string; message: string }> {
  const error = await landCsv(content, options).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(ContractError)
  const { code, message } = error as ContractError
  return { code, message }
}

describe('encodings', () => {
  test('1: a UTF-8 byte order mark is dropped, the first header matches', async () => {
    const landing = await landCsv('\ufeff' + csv(row('a', 'North')))
    expect(places(landing)).toEqual({ 1: 'North' })
    expect(landing.written.header.headers[0]).toBe('shift_id')
  })

  test('2: bytes that are not UTF-8 are set aside with their row and can be restored', async () => {
    const bytes = Buffer.concat([
      Buffer.from(`${shiftsHeader}\n${row('a')}\nb,,,,caf`),
      Buffer.from([0xe9]),
      Buffer.from(`,,${date}\n${row('c', 'é')}\nd,,,,cut \\`),
      Buffer.from([0xe2, 0x82]),
      Buffer.from(`,,${date}\n`),
    ])
    const landing = await landCsv(bytes)
    expect([...landing.rows.keys()]).toEqual([1, 3])
    expect(landing.rejected).toEqual([
      { sourceRow: 2, reasons: ['invalid_text'], originalText: `b,,,,caf\\xE9,,${date}` },
      { sourceRow: 4, reasons: ['invalid_text'], originalText: `d,,,,cut \\\\\\xE2\\x82,,${date}` },
    ])
  })

  test('2: a NUL character sets its row aside', async () => {
    const landing = await landCsv(csv(row('a'), row('b', 'x\0y'), row('c')))
    expect([...landing.rows.keys()]).toEqual([1, 3])
    expect(landing.rejected).toEqual([
      { sourceRow: 2, reasons: ['invalid_text'], originalText: `b,,,,x\\x00y,,${date}` },
    ])
  })

  test.each([
    ['UTF-16 (little endian)', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(csv(row('a')), 'utf16le')])],
    ['UTF-16 (no byte order mark)', Buffer.from(csv(row('a')), 'utf16le')],
    ['UTF-32 (little endian)', Buffer.from([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0])],
    ['gzip', gzipSync(csv(row('a')))],
    ['8-bit code page', Buffer.from(csv(row('a')).replace('desk', 'dësk'), 'latin1')],
    ['binary', Buffer.from(csv(row('a')).replace('desk', 'de\0k'))],
  ])('2, 10: %s is refused by name', async (name, bytes) => {
    const { code, message } = await refusal(bytes)
    expect(code).toBe('not_utf8_encoding')
    expect(message).toContain(name)
  })
})

describe('values', () => {
  test('3: leading zeros stay in texts and are no integers', async () => {
    const landing = await landCsv(csv(row('007', '00'), `b,,01004,,,,${date}`, `c,,1004,0099,,,${date}`))
    expect(landing.rows.get(1)).toEqual(['007', null, null, null, '00', null, day])
    expect(reasons(landing)).toEqual({ 2: 'cast:desk', 3: 'cast:badge' })
  })

  test('4: a value of another type after 100,000 rows is set aside', async () => {
    const rows = Array.from(
      { length: 120_000 },
      (_, index) => `id${index},,${index === 119_998 ? 'ten' : index},,,,${date}`,
    )
    const landing = await landCsv(csv(...rows))
    expect(landing.written.rowsLanded).toBe(119_999)
    expect(landing.rejected).toEqual([
      { sourceRow: 119_999, reasons: ['cast:desk'], originalText: `id119998,,ten,,,,${date}` },
    ])
  })

  test('8: empty, quoted empty and null tokens are null; \\N, NA and NULL are text', async () => {
    const texts = ['', '""', '"  "', 'n/a', '" n/a "', '\\N', 'NA', 'NULL', '"NULL"', 'nan', 'None', 'N/A']
    const landing = await landCsv(csv(...texts.map((text, index) => row(`k${index}`, text))))
    expect(Object.values(places(landing))).toEqual([
      ...[null, null, null, null, null],
      ...['\\N', 'NA', 'NULL', 'NULL', 'nan', 'None', 'N/A'],
    ])
    expect(landing.written.warnings).toEqual({ 'allowed:place': 7 })
  })

  test('11: ASCII white space is trimmed at both ends, inside and outside quotes, and nothing else is', async () => {
    const texts: [string, string | null][] = [
      [' North', 'North'],
      ['North\t ', 'North'],
      ['"\r\n North \v\f"', 'North'],
      ['No  rth', 'No  rth'],
      ['\u00a0North\u00a0', '\u00a0North\u00a0'],
      ['\u2003x', '\u2003x'],
      ['\ufeffx', '\ufeffx'],
      ['   ', null],
      ['\u0001x', '\u0001x'],
    ]
    const landing = await landCsv(csv(...texts.map(([text], index) => row(` k${index}`, text))))
    expect(Object.values(places(landing))).toEqual(texts.map(([, value]) => value))
    expect(landing.rows.get(1)?.[0]).toBe('k0')
    expect(landing.rejected).toEqual([])
  })

  test('11: typed values are trimmed before they are cast', async () => {
    const id = '0E5E9C1A-3B5F-4C8E-9D6A-0123456789AB'
    const landing = await landCsv(csv(`a, ${id} ,\t7,8 ,,"2025-11-20 12:00:00.100\n", ${date}`))
    const instant = 1_763_640_000_100_000n
    expect(landing.rows.get(1)).toEqual(['a', id.toLowerCase(), 7, 8n, null, instant, day])
    expect(landing.written.fingerprint).toBe(rowFingerprint(rowText(landing.rows.get(1) ?? [], 1)))
  })

  test('13: a cell of 10 MB lands exactly', async () => {
    const cell = 'ab"c\né😀'.repeat(1_000_000)
    const landing = await landCsv(csv(row('a'), row('b', `"${cell.replaceAll('"', '""')}"`), row('c')), {
      sizes: { chunkBytes: 12_000_000 },
    })
    expect(landing.rows.get(2)?.[4] === cell).toBe(true)
    expect([...landing.rows.keys()]).toEqual([1, 2, 3])
  })

  test('13: a record over the limit refuses the delivery with its row', async () => {
    const { code, message } = await refusal(csv(row('a'), row('b', 'x'.repeat(9000)), row('c')), {
      sizes: { chunkBytes: 2000, maxRecordBytes: 8000 },
    })
    expect(code).toBe('record_too_long')
    expect(message).toContain('row 2')
  })
})

describe('headers', () => {
  test('5: headers that are equal, or equal but for case, refuse the delivery', async () => {
    expect((await refusal(`${shiftsHeader},Shift ID\n`)).code).toBe('header')
    expect((await refusal(`${shiftsHeader},SHIFT_ID\n`)).code).toBe('header')
  })

  test('6: a delivery without a header row is refused', async () => {
    expect((await refusal(`${row('a')}\n${row('b')}\n`)).code).toBe('header')
  })

  test('12: a trailing delimiter beside a legitimate empty header refuses the delivery', async () => {
    const header =
      ',call ID,customeR iD,COMPLAINT_catego ry,agent ID,call_start_time,call_end_time,resolutionstatus,callLogsGenerationDate'
    const record = `5,c1,0e5e9c1a-3b5f-4c8e-9d6a-0123456789ab,Payments,1004,${date} 01:02:03,,Backlog,${date}`
    const landing = await landCsv(`${header}\n${record}\n`, { dataset: callLogs })
    expect(landing.rows.get(1)?.at(-1)).toBe(5n)
    const { message } = await refusal(`${header},\n${record},\n`, { dataset: callLogs })
    expect(message).toContain('"" and ""')
  })

  test('12: a trailing delimiter in the rows alone makes one field too many in each', async () => {
    const landing = await landCsv(csv(row('a') + ',', row('b')))
    expect(reasons(landing)).toEqual({ 1: 'too_many_fields' })
    expect([...landing.rows.keys()]).toEqual([2])
  })

  test('headers in another order and spelling land in the order of the contract', async () => {
    const landing = await landCsv(
      `Shift_Date," place ","SHIFT\nid",desk,person_id,,started_at\n${date},South,s1,5,,6,\n`,
    )
    expect(landing.rows.get(1)).toEqual(['s1', null, 5, 6n, 'South', null, day])
  })

  test('13: an empty file has no header, a header alone has no rows', async () => {
    expect((await refusal('')).code).toBe('no_header')
    expect((await refusal('\ufeff')).code).toBe('no_header')
    for (const content of [shiftsHeader, `${shiftsHeader}\n`, `${shiftsHeader}\r\n\r\n\n`]) {
      const { written } = await landCsv(content)
      expect(written).toMatchObject({ rowsRead: 0, rowsLanded: 0, parts: [], fingerprint: 0n })
    }
  })

  test('under evolve unknown columns land as the JSON object that JSON.stringify writes', async () => {
    const nasty = 'q"\\/\u0001\b\t\n\f\r\u001b\u001f\u007f\u2028é😀'
    const quoted = `"x${nasty.replaceAll('"', '""')}x"`
    const landing = await landCsv(
      `zz,${shiftsHeader},10,"we""ird "\n1,${row('a')},2,${quoted}\n,${row('b')},,\n ,${row('c')},"",y \n`,
      { options: { unknownColumns: 'evolve' } },
    )
    expect(landing.rows.get(1)?.at(-1)).toBe(JSON.stringify({ 10: '2', zz: '1', 'we"ird ': `x${nasty}x` }))
    expect(landing.rows.get(2)?.at(-1)).toBeNull()
    expect(landing.rows.get(3)?.at(-1)).toBe('{"we\\"ird ":"y"}')
    const sum = [...landing.rows].reduce(
      (total, [number, values]) => total + rowFingerprint(rowText(values, number)),
      0n,
    )
    expect(landing.written.fingerprint).toBe(sum)
  })
})

describe('records', () => {
  test('7: ragged rows are set aside with their own text', async () => {
    const landing = await landCsv(csv(row('a'), 'b,1', row('c') + ',x', row('d'), 'just one'))
    expect(reasons(landing)).toEqual({ 2: 'too_few_fields', 3: 'too_many_fields', 5: 'too_few_fields' })
    expect(landing.rejected[1]?.originalText).toBe(`c,,,,,,${date},x`)
    expect([...landing.rows.keys()]).toEqual([1, 4])
  })

  test('7: ragged rows with line breaks inside quotes are set aside and shift no other', async () => {
    const long = `b,"x\nx",,,"1 St\nTown, ST 1",,${date},x`
    const short = `"d\nd",,,,"a,b\nc",${date}`
    const landing = await landCsv(csv(row('a'), long, row('c', '"1 St\nTown"'), short, row('e')))
    expect(reasons(landing)).toEqual({ 2: 'too_many_fields', 4: 'too_few_fields' })
    expect(landing.rejected.map(({ originalText }) => originalText)).toEqual([long, short])
    expect([...landing.rows.keys()]).toEqual([1, 3, 5])
  })

  test('9: line breaks, delimiters and doubled quotes inside quotes are text', async () => {
    const landing = await landCsv(csv(row('a', '"1 ""Main"" St\nTown, ST\r\nx\ry"'), row('b', '""""')))
    expect(places(landing)).toEqual({ 1: '1 "Main" St\nTown, ST\r\nx\ry', 2: '"' })
  })

  test.each(['\n', '\r\n'])('9: lines that end with %j land, with and without one at the end', async (end) => {
    const content = csv(row('a', '"x\r\ny"'), row('b', ' North'), row('c')).replaceAll('\n', end).replace('\r\r', '\r')
    for (const text of [content, content.slice(0, -end.length)]) {
      expect(places(await landCsv(text))).toEqual({ 1: 'x\r\ny', 2: 'North', 3: null })
    }
  })

  test('9: a row that ends with CRLF among rows that end with LF lands', async () => {
    const landing = await landCsv(csv(row('a'), row('b') + '\r', row('c', 'North'), `d,,,,,,"${date}"\r`))
    expect([...landing.rows.keys()]).toEqual([1, 2, 3, 4])
  })

  test('9: lone carriage returns as line ends refuse the delivery', async () => {
    expect((await refusal(csv(row('a'), row('b')).replaceAll('\n', '\r'))).code).toBe('lone_carriage_returns')
    expect((await refusal(csv(row('a'), `${row('b')}\r${row('c')}`, row('d')))).code).toBe('mixed_line_ends')
  })

  test('9: a carriage return inside a plain value of a whole row is text', async () => {
    expect(places(await landCsv(csv(row('a', 'x\ry'), row('b'))))).toEqual({ 1: 'x\ry', 2: null })
  })

  test('9: one bad quote whose end is certain sets its own row aside', async () => {
    const bad = ['"x"tail', '"5" pipe"', '"12 "Main" St\nTown, ST 12345"', ' "spaced"', '"a","b"c', '"x" ']
    const rows = bad.flatMap((place, index) => [row(`bad${index}`, place), row(`good${index}`, '"fine, ""too"""')])
    const landing = await landCsv(csv(...rows))
    expect(landing.rejected.map(({ sourceRow, reasons: [reason] }) => [sourceRow, reason])).toEqual(
      bad.map((_, index) => [2 * index + 1, 'bad_quote']),
    )
    expect(landing.rejected.map(({ originalText }) => originalText)).toEqual(rows.filter((_, index) => index % 2 === 0))
    expect(Object.values(places(landing))).toEqual(bad.map(() => 'fine, "too"'))
  })

  test('9: a bad quote in a last column of two lines sets one row aside and shifts no other', async () => {
    const header = 'customer_id,name,Gender,DATE of biRTH,signup_date,email,address'
    const record = (last: number, address: string): string => `${uuid(last)},n,M,2000-01-01,2020-01-01,e,${address}`
    const bad = ['"x" St\nTown, ST 1"', '"5" pipe\nTown, ST 1"', '"12 "Main" St\nTown, ST 1"', '"St\nTown, "ST" 1"']
    const good = '"1 St\nTown, ""ST"" 1"'
    const records = bad.flatMap((address, index) => [
      record(3 * index, address),
      record(3 * index + 1, address),
      record(3 * index + 2, good),
    ])
    const landing = await landCsv([header, ...records].join('\n'), { dataset: customers })
    expect(landing.rejected.map(({ originalText }) => originalText)).toEqual(
      records.filter((_, index) => index % 3 < 2),
    )
    expect([...landing.rows].map(([row, values]) => [row, values[0]])).toEqual(
      [3, 6, 9, 12].map((row) => [row, uuid(row - 1)]),
    )
  })

  test('9: a quote inside a plain value is text', async () => {
    expect(places(await landCsv(csv(row('a', '5" pipe'), row('b', 'x""'), row('c'))))).toEqual({
      1: '5" pipe',
      2: 'x""',
      3: null,
    })
  })

  test('9: a quote that is not closed in the last row sets that row aside', async () => {
    const landing = await landCsv(csv(row('a'), 'b,,,,"never closed'))
    expect(reasons(landing)).toEqual({ 2: 'bad_quote' })
    expect(landing.rejected[0]?.originalText).toBe('b,,,,"never closed')
  })

  test('9: a quote that is not closed and swallows other rows refuses the delivery', async () => {
    expect((await refusal(csv(row('a'), `b,,,,"open,,${date}`, row('c'), row('d')))).code).toBe('unterminated_quote')
    expect((await refusal(csv(row('a'), `b,,,,"open,,${date}`, row('c'), row('d', '"x"')))).code).toBe(
      'unterminated_quote',
    )
    expect((await refusal(csv(`b,,,,"open,,${date}`, `c,,,,"open,,${date}`, row('d')))).code).toBe('unterminated_quote')
    expect((await refusal(csv(`b,,,,"open,,${date}`, row('c'), `d,,,,,x",${date}`, row('e')))).code).toBe(
      'unterminated_quote',
    )
  })

  test('13: a file that is cut within a row sets the rest of that row aside', async () => {
    const landing = await landCsv(csv(row('a'), 'b,,,').slice(0, -1))
    expect(reasons(landing)).toEqual({ 2: 'too_few_fields' })
    expect(landing.rejected[0]?.originalText).toBe('b,,,')
  })

  test('9: a carriage return inside a plain value is text in a file of CRLF too', async () => {
    const content = csv(row('a', 'x\ry'), row('b', '\rz\r'), row('c')).replaceAll('\n', '\r\n')
    expect(places(await landCsv(content))).toEqual({ 1: 'x\ry', 2: 'z', 3: null })
  })

  test('a dataset of one column takes an empty value in quotes for a row and a blank line for none', async () => {
    const [key] = shifts.columns
    const dataset = { ...shifts, columns: [key!], partitionColumn: undefined }
    const landing = await landCsv('shift_id\na\n\n""\n  \n"b"\n', { dataset })
    expect([...landing.rows]).toEqual([
      [1, ['a']],
      [4, ['b']],
    ])
    expect(reasons(landing)).toEqual({ 2: 'required:shift_id', 3: 'required:shift_id' })
  })

  test('blank lines are no rows and shift nothing, a record of delimiters is one', async () => {
    const landing = await landCsv(csv('', row('a'), '', '\r', row('b'), ',,,,,,', row('c'), ''))
    expect(landing.written.rowsRead).toBe(4)
    expect([...landing.rows.keys()]).toEqual([1, 2, 4])
    expect(reasons(landing)).toEqual({ 3: 'required:shift_id required:shift_date' })
  })
})

describe('keys, partition and counts', () => {
  test('a repeated key lands once, the first of the good rows', async () => {
    const landing = await landCsv(
      csv(
        row('k'),
        'x,,,,,,',
        row('x'),
        row(' k '),
        row('K'),
        row('x'),
        row('k', 'North'),
        `y,,one,,,,${date}`,
        row('y'),
      ),
    )
    expect([...landing.rows].map(([number, [key]]) => [number, key])).toEqual([
      [1, 'k'],
      [3, 'x'],
      [5, 'K'],
      [9, 'y'],
    ])
    expect(reasons(landing)).toEqual({
      2: 'required:shift_date',
      4: 'repeated_key',
      6: 'repeated_key',
      7: 'repeated_key',
      8: 'cast:desk',
    })
    expect(landing.written.warnings).toEqual({})
    expect(landing.rejected.find(({ sourceRow }) => sourceRow === 4)?.originalText).toBe(` k ,,,,,,${date}`)
  })

  test('a row of another day goes to quarantine, a day that does not cast is named once', async () => {
    const landing = await landCsv(csv(row('a'), 'b,,,,,,2025-11-21', 'c,x,1.0,,,soon,2025-02-30', 'd,,x,,,,2025-11-19'))
    expect(reasons(landing)).toEqual({
      2: 'partition',
      3: 'cast:person_id cast:desk cast:started_at cast:shift_date',
      4: 'cast:desk partition',
    })
  })

  test('another count than the source gives refuses the delivery', async () => {
    expect((await landCsv(csv(row('a')), { delivery: { sourceRows: 1 } })).written.rowsLanded).toBe(1)
    expect((await refusal(csv(row('a')), { delivery: { sourceRows: 2 } })).code).toBe('row_count')
  })

  test('rows that the adapter found faulty are set aside with all reasons, and the original text is its own', async () => {
    const landing = await landCsv(csv(row('a'), row('b'), `c,,x,,,,${date}`, row('b')), {
      delivery: {
        faults: new Map([
          [2, ['cast:place']],
          [3, ['cast:place']],
        ]),
        originalText: (sourceRow) => `{"row":${sourceRow}}`,
      },
    })
    expect(landing.rejected).toEqual([
      { sourceRow: 2, reasons: ['cast:place'], originalText: '{"row":2}' },
      { sourceRow: 3, reasons: ['cast:desk', 'cast:place'], originalText: '{"row":3}' },
    ])
    expect([...landing.rows.keys()]).toEqual([1, 4])
  })

  test('a delivery of which every row is bad is set aside whole', async () => {
    const kinds = [
      (index: number) => `,,${index},,,,`,
      (index: number) => `a"${index}`,
      (index: number) => row(`x`, `"y"${index}`),
    ]
    const rows = Array.from({ length: 60_000 }, (_, index) => kinds[index % 3]?.(index) ?? '')
    const landing = await landCsv(csv(...rows))
    expect(landing.written).toMatchObject({ rowsRead: 60_000, rowsLanded: 0, parts: [], fingerprint: 0n })
    expect(landing.rejected.length).toBe(60_000)
    expect(landing.rejected.map(({ originalText }) => originalText)).toEqual(rows)
  })

  test('a delivery of one key lands one row', async () => {
    const landing = await landCsv(csv(...Array.from({ length: 30_000 }, () => row('same'))), {
      sizes: { chunkBytes: 100_000 },
    })
    expect([...landing.rows.keys()]).toEqual([1])
    expect(landing.rejected.length).toBe(29_999)
    expect(landing.written.parts.length).toBe(1)
  })
})
