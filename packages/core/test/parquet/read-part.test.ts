import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openEngine } from '../../src/parquet/duckdb-engine.ts'
import type { Field } from '../../src/parquet/part-schema.ts'
import { checkPart, type ExpectedPart, type PartRow, readPart } from '../../src/parquet/read-part.ts'
import { createRecordWriter } from '../../src/parquet/record-writer.ts'

const fields: Field[] = [
  { name: 'big', type: 'int64' },
  { name: 'constructor', type: 'int32' },
  { name: 'day', type: 'date' },
  { name: 'local', type: 'timestamp' },
  { name: 'moment', type: 'instant' },
  { name: 'words', type: 'string' },
]
const limits: PartRow[] = [
  [-(2n ** 63n), -(2 ** 31), -719162, -62135596800000000n, -1n, '\ufeffé😀\u202eעברית\n"x"\u2028'],
  [2n ** 63n - 1n, 2 ** 31 - 1, 2932896, 253402300799999999n, 1764000000000001n, ''],
  [9007199254740993n, 0, -1, -1n, 0n, 'x'.repeat(1_000_000)],
  [null, null, null, null, null, null],
]

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'read-part-'))
  file = join(folder, 'part.parquet')
})
afterEach(() => rm(folder, { recursive: true }))

async function write(rows: readonly PartRow[], target = file): Promise<ExpectedPart> {
  const writer = await createRecordWriter(target, fields)
  for (const row of rows) await writer.append(row)
  return { fields, rows: rows.length, digest: await writer.close() }
}

async function read(): Promise<PartRow[]> {
  const rows: PartRow[] = []
  await readPart(file, (row) => rows.push(row))
  return rows
}

describe('readPart', () => {
  test('gives back the very values at the ends of their ranges, null and empty text apart', async () => {
    await write(limits)
    expect(await read()).toEqual(limits)
  })

  test('reads every row over several row groups, whatever the runs of nulls', async () => {
    const rows = Array.from({ length: 25_003 }, (_, index): PartRow => {
      const isNull = (index * 7919) % 13 < 3
      return [isNull ? null : BigInt(index), index, index % 3 ? index : null, null, 0n, isNull ? null : String(index)]
    })
    const expected = await write(rows)
    expect(await read()).toEqual(rows)
    await expect(checkPart(file, expected)).resolves.toBeUndefined()
  })

  test('reads no rows from a part of none', async () => {
    await write([])
    expect(await read()).toEqual([])
  })

  test('says that it cannot read what DuckDB writes', async () => {
    const { signal } = new AbortController()
    const engine = await openEngine({ connections: 1, memoryLimit: '100MB', spillDirectory: folder, signal })
    try {
      await engine.connections[0]?.run(`COPY (SELECT 1 AS a) TO '${file}' (FORMAT parquet, COMPRESSION zstd)`)
    } finally {
      engine.close()
    }
    await expect(read()).rejects.toMatchObject({ code: 'part_unreadable', exitCode: 1 })
  })
})

describe('checkPart', () => {
  test('hands on every row that it has read', async () => {
    const expected = await write(limits)
    const rows: PartRow[] = []
    await checkPart(file, expected, (row) => rows.push(row))
    expect(rows).toEqual(limits)
  })

  test.each([
    ['a value', (rows: PartRow[]) => [[5n, ...(rows[0] ?? []).slice(1)], ...rows.slice(1)]],
    ['the order of its rows', (rows: PartRow[]) => rows.toReversed()],
    ['an empty text for a null', (rows: PartRow[]) => [...rows.slice(0, 3), [null, null, null, null, null, '']]],
  ])('refuses a part that differs in %s', async (_, change) => {
    const expected = await write(limits)
    await rm(file)
    await write(change(limits))
    await expect(checkPart(file, expected)).rejects.toMatchObject({ code: 'inconsistent', exitCode: 2 })
  })

  test('refuses a part that lacks a row', async () => {
    const expected = await write(limits)
    await rm(file)
    await write(limits.slice(1))
    await expect(checkPart(file, expected)).rejects.toThrow(/counts 3 rows, 4 were written/)
  })

  test('refuses a part that is cut at any place', async () => {
    const expected = await write(limits)
    const whole = await readFile(file)
    for (let length = 0; length < whole.length; length += 29) {
      await truncate(file, length)
      await expect(checkPart(file, expected), `cut to ${length} bytes`).rejects.toMatchObject({
        code: 'part_unreadable',
      })
      await writeFile(file, whole)
    }
  })

  test('never takes a part with one flipped bit for another content', async () => {
    const expected = await write(limits)
    const whole = await readFile(file)
    const accepted: PartRow[][] = []
    let refused = 0
    for (let position = 0; position < whole.length; position += 7) {
      const damaged = Buffer.from(whole)
      damaged.writeUInt8(damaged.readUInt8(position) ^ (1 << (position % 8)), position)
      await writeFile(file, damaged)
      const rows: PartRow[] = []
      await checkPart(file, expected, (row) => rows.push(row)).then(
        () => accepted.push(rows),
        () => (refused += 1),
      )
    }
    // Bits that carry no value, such as the time stamp of a gzip header, may be anything.
    for (const rows of accepted) expect(rows).toEqual(limits)
    expect(refused).toBeGreaterThan(accepted.length)
  })

  test('names a file that is not there', async () => {
    const missing = join(folder, 'none.parquet')
    await expect(checkPart(missing, { fields, rows: 0, digest: '' })).rejects.toThrow(
      /none\.parquet cannot be read back/,
    )
  })
})
