import { DuckDBInstance } from '@duckdb/node-api'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkFooter, readFooter } from '../../src/parquet/footer.ts'
import type { Field } from '../../src/parquet/part-schema.ts'
import { createRecordWriter } from '../../src/parquet/record-writer.ts'

const fields: Field[] = [
  { name: 'big', type: 'int64' },
  { name: 'small', type: 'int32' },
  { name: 'day', type: 'date' },
  { name: 'local', type: 'timestamp' },
  { name: 'moment', type: 'instant' },
  { name: 'text', type: 'string' },
]
const lowest = [
  -(2n ** 63n),
  -(2 ** 31),
  -719162,
  -62135596800000000n + 1n,
  1764000000000001n,
  'é😀\u202eעברית\n"x"',
] as const
const highest = [2n ** 63n - 1n, 2 ** 31 - 1, 2932896, 253402300799999999n, 0n, ''] as const

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'record-writer-'))
  file = join(folder, 'part.parquet')
})
afterEach(() => rm(folder, { recursive: true }))

async function writeRows(rows: (readonly (string | number | bigint | null)[])[]): Promise<void> {
  const writer = await createRecordWriter(file, fields)
  for (const row of rows) await writer.append(row)
  await writer.close()
}

async function readWithDuckDb(sql: string): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create()
  const connection = await instance.connect()
  const rows = (await connection.runAndReadAll(sql)).getRowsJson()
  connection.closeSync()
  instance.closeSync()
  return rows
}

describe('createRecordWriter', () => {
  test('writes values at the ends of their ranges so that another engine reads the very same', async () => {
    await writeRows([lowest, highest, [null, null, null, null, null, null]])
    const select = 'big::VARCHAR, small, day::VARCHAR, local::VARCHAR, epoch_us(moment)::VARCHAR, text'
    expect(await readWithDuckDb(`SELECT ${select} FROM '${file}'`)).toEqual([
      ['-9223372036854775808', -2147483648, '0001-01-01', '0001-01-01 00:00:00.000001', '1764000000000001', lowest[5]],
      ['9223372036854775807', 2147483647, '9999-12-31', '9999-12-31 23:59:59.999999', '0', ''],
      [null, null, null, null, null, null],
    ])
  })

  test('tells a timestamp without a zone from an instant', async () => {
    await writeRows([lowest])
    expect(await readWithDuckDb(`SELECT typeof(local), typeof(moment), typeof(day) FROM '${file}'`)).toEqual([
      ['TIMESTAMP', 'TIMESTAMP WITH TIME ZONE', 'DATE'],
    ])
    expect((await readFooter(file)).fields).toEqual(fields)
  })

  test('keeps every row over several row groups', async () => {
    await writeRows(Array.from({ length: 25_001 }, (_, index) => [BigInt(index), index, 0, 0n, 0n, String(index)]))
    expect(await readWithDuckDb(`SELECT count(*), sum(big)::BIGINT, count(DISTINCT text) FROM '${file}'`)).toEqual([
      ['25001', '312512500', '25001'],
    ])
  })

  test('writes its header before its rows, however busy the disk is', async () => {
    const heads = new Set<string>()
    for (let index = 0; index < 200; index += 1) {
      const name = join(folder, `${index}.parquet`)
      const writer = await createRecordWriter(name, fields)
      await writer.append(lowest)
      await writer.close()
      heads.add((await readFile(name)).subarray(0, 4).toString('latin1'))
    }
    expect([...heads]).toEqual(['PAR1'])
  })

  test('does not overwrite a file', async () => {
    await writeRows([lowest])
    await expect(createRecordWriter(file, fields)).rejects.toThrow(/EEXIST/)
  })
})

describe('checkFooter', () => {
  test('accepts the very fields and rows, and names the first difference otherwise', async () => {
    await writeRows([lowest, highest])
    await expect(checkFooter(file, { rows: 2, fields })).resolves.toBeUndefined()
    await expect(checkFooter(file, { rows: 3, fields })).rejects.toThrow(/counts 2 rows, 3 were written/)
    await expect(checkFooter(file, { rows: 2, fields: fields.slice(0, 5) })).rejects.toThrow(
      /field 6 is "text string".*"none"/,
    )
    const other = fields.map((field) => (field.name === 'local' ? { ...field, type: 'instant' as const } : field))
    await expect(checkFooter(file, { rows: 2, fields: other })).rejects.toThrow(
      /field 4 is "local timestamp".*"local instant"/,
    )
  })
})
