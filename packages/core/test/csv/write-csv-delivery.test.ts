import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { customers } from '../../src/datasets/customers.ts'
import { createHash } from 'node:crypto'
import { landCsv, shiftsHeader } from './land-csv.ts'

function rowsOf(count: number): string {
  const rows = Array.from({ length: count }, (_, index) => `id${index},,${index},,"North, ""${index}""",,2025-11-20\n`)
  return `${shiftsHeader}\n${rows.join('')}`
}

describe('writeCsvDelivery', () => {
  test('numbers its parts densely in source order, one a chunk that has good rows', async () => {
    const bad = 'x,,,,,,2025-11-21\n'.repeat(5000)
    const csv = rowsOf(3000) + bad + rowsOf(6000).slice(rowsOf(3000).length)
    const { written, rows } = await landCsv(csv, { sizes: { chunkBytes: 40_000 } })
    expect(written.parts.length).toBeGreaterThan(4)
    expect(written.parts.map(({ file }) => file.split('/').at(-1))).toEqual(
      written.parts.map((_, index) => `part-${String(index).padStart(5, '0')}.parquet`),
    )
    const order = [...rows.keys()]
    expect(order).toEqual(order.toSorted((a, b) => a - b))
    expect(written).toMatchObject({ rowsRead: 11_000, rowsLanded: 6000 })
  })

  test('gives the sha256 and the size of the bytes as they came', async () => {
    const csv = Buffer.from('\ufeff' + rowsOf(500).slice(0, -1))
    const { written, progress } = await landCsv(csv, { sizes: { chunkBytes: 10_000 }, pieceBytes: 777 })
    expect(written.sourceSha256).toBe(createHash('sha256').update(csv).digest('hex'))
    expect(written.sourceBytes).toBe(csv.length)
    expect(progress.at(-1)).toEqual({ bytes: csv.length, rows: 500 })
    expect(progress.length).toBeGreaterThan(2)
  })

  test('counts values outside the allowed list over the rows that land', async () => {
    const row = (key: string, place: string, date = '2025-11-20'): string => `${key},,,,${place},,${date}\n`
    const csv = `${shiftsHeader}\n${row('a', 'north')}${row('a', 'West')}${row('b', ' North ')}${row('c', 'East', 'x')}${row('d', '')}${row('e', 'East')}`
    expect((await landCsv(csv)).written.warnings).toEqual({ 'allowed:place': 2 })
  })

  test('lands typed dates before 1970 and in year 1 to the day', async () => {
    const id = '0e5e9c1a-3b5f-4c8e-9d6a-0123456789ab'
    const { rows } = await landCsv(
      `customer_id,name,Gender,DATE of biRTH,signup_date,email,address\n${id},n,M,0001-01-01,1969-12-31,e,"a\nb"\n`,
      { dataset: customers },
    )
    expect(rows.get(1)).toEqual([id, 'n', 'M', -719_162, -1, 'e', 'a\nb'])
  })

  test('passes on what the stream throws', async () => {
    async function* broken(): AsyncGenerator<Buffer> {
      yield Buffer.from(rowsOf(10))
      await Promise.reject(new Error('connection reset'))
    }
    await expect(landCsv('', { delivery: { open: () => Promise.resolve(broken()) } })).rejects.toThrow(
      'connection reset',
    )
  })

  test('stops at once on an abort while the stream is silent, with the reason and without open files', async () => {
    const abort = new AbortController()
    async function* silent(): AsyncGenerator<Buffer> {
      yield Buffer.from(rowsOf(1000))
      await setTimeout(60_000, undefined, { signal: abort.signal, ref: false }).catch(() => undefined)
    }
    const options = { delivery: { open: () => Promise.resolve(silent()) }, options: { signal: abort.signal } }
    const landing = landCsv('', options)
    landing.catch(() => undefined)
    await setTimeout(300)
    const start = performance.now()
    abort.abort(new Error('SIGTERM'))
    await expect(landing).rejects.toThrow('SIGTERM')
    expect(performance.now() - start).toBeLessThan(2000)
  })

  test('stops on an abort while chunks are being landed', async () => {
    const abort = new AbortController()
    const settings = { onProgress: () => abort.abort(new Error('enough')), signal: abort.signal }
    await expect(landCsv(rowsOf(20_000), { options: settings, sizes: { chunkBytes: 50_000 } })).rejects.toThrow(
      'enough',
    )
  })

  test('removes its chunk files and leaves nothing but parts and the rejection log', async () => {
    const before = (await readdir(tmpdir())).filter((name) => name.startsWith('csv-'))
    let left: string[] = []
    await landCsv(rowsOf(3000), {
      sizes: { chunkBytes: 20_000 },
      inspect: async (folder) => {
        left = await readdir(folder)
      },
    })
    expect(left.filter((name) => !/^part-\d{5}\.parquet$/.test(name))).toEqual(['rejected.ndjson'])
    expect((await readdir(tmpdir())).filter((name) => name.startsWith('csv-'))).toEqual(before)
  })
})
