import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readCsvRecords } from '../../../src/world/csv/csv-records.ts'
import type { CsvRecord } from '../../../src/world/csv/csv-records.ts'
import { makeFolderOf } from '../world-folder.ts'

async function read(content: string | Buffer): Promise<CsvRecord[]> {
  const folder = await makeFolderOf({ 'file.csv': content })
  return Array.fromAsync(readCsvRecords(join(folder, 'file.csv')))
}

async function readFields(content: string): Promise<readonly (readonly string[])[]> {
  return (await read(content)).map(({ fields }) => fields)
}

test('records keep what stands in quotes: line ends, commas, doubled quotes', async () => {
  expect(await readFields('a,b\n"1\n2","x, ""y"""\n')).toEqual([
    ['a', 'b'],
    ['1\n2', 'x, "y"'],
  ])
})

test('an empty field is an empty text, in quotes or not, and the last line needs no end', async () => {
  expect(await readFields('a,b,c\n,"",')).toEqual([
    ['a', 'b', 'c'],
    ['', '', ''],
  ])
})

test('blank lines are no records and do not count, a line of commas is one', async () => {
  const records = await read('a,b\n\n\r\n1,2\n,\n\n')
  expect(records.map(({ row, fields }) => [row, fields.join('|')])).toEqual([
    [0, 'a|b'],
    [1, '1|2'],
    [2, '|'],
  ])
})

test('CRLF ends a record after a quoted field and leaves white space after an unquoted one', async () => {
  expect(await readFields('a,"b"\r\n1,2\r\n')).toEqual([
    ['a', 'b'],
    ['1', '2\r'],
  ])
})

test('a byte order mark is dropped', async () => {
  expect(await readFields('\ufeffa\n1\n')).toEqual([['a'], ['1']])
})

test('a quote inside an unquoted field is text', async () => {
  expect(await readFields('a,b\n5" pipe,x\n')).toEqual([
    ['a', 'b'],
    ['5" pipe', 'x'],
  ])
})

test('a bad quote whose end is certain marks its record and no other', async () => {
  const records = await read('a,b\n"x"y,1\n "x",2\n"5" pipe",3\nz,4\n')
  expect(records.map(({ faults }) => faults)).toEqual([[], ['bad_quote'], ['bad_quote'], ['bad_quote'], []])
})

test('a byte that is not UTF-8 and a NUL mark their record', async () => {
  const records = await read(
    Buffer.concat([Buffer.from('a,b\nok,1\ncaf'), Buffer.from([0xe9]), Buffer.from(',2\nx\0,3\n')]),
  )
  expect(records.map(({ faults }) => faults)).toEqual([[], [], ['invalid_text'], ['invalid_text']])
})

test('a quote that is never closed refuses the file and names the record', async () => {
  await expect(read('a,b\n1,2\n"x,3\ny,4\n')).rejects.toThrow(/record 2 .*its quote is never closed/)
})

test('UTF-16 and gzip are refused by name', async () => {
  await expect(read(Buffer.from('\ufeffa,b\n', 'utf16le'))).rejects.toThrow('is UTF-16 (little endian)')
  await expect(read(Buffer.from([0x1f, 0x8b, 8, 0]))).rejects.toThrow('is a gzip file')
})

test('records come out the same wherever a block of the file ends', async () => {
  const long = '€'.repeat(100_000)
  const records = Array.from({ length: 5 }, (_, row) => [`${row}`, `${long}\n"${row}`])
  const text = records.map(([id, value = '']) => `${id},"${value.replaceAll('"', '""')}"\n`).join('')
  expect(await readFields(text)).toEqual(records)
})

test('what a writer quotes comes back as it was', async () => {
  const field = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', ' ', 'x') }),
  )
  const isText = (text: string) => text.isWellFormed() && !text.includes('\0')
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(field.filter(isText), { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 }),
      fc.constantFrom('\n', '\r\n'),
      async (rows, lineEnd) => {
        const text = rows.map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(',') + lineEnd)
        expect(await readFields(text.join(''))).toEqual(rows)
      },
    ),
    { numRuns: 60 },
  )
})
