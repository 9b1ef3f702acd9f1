import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { RejectedRow } from '../../src/contract/reasons.ts'
import { createRejectionLog } from '../../src/landing/rejection-log.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rejections-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

function row(sourceRow: number, originalText: string): RejectedRow {
  return { sourceRow, reasons: ['bad_quote'], originalText }
}

describe('createRejectionLog', () => {
  test('gives rows back in their order, whatever line ends their text holds', async () => {
    const rows = ['a\nb', 'c\r\nd', '\u2028\u2029\u0085', '"\\', '😀'].map((text, index) => row(index + 1, text))
    const log = createRejectionLog(folder)
    for (const each of rows) await log.add(each)
    expect(log.count).toBe(rows.length)
    expect(await Array.fromAsync(log.rows())).toEqual(rows)
  })

  test('holds its writer back until the disk has room', async () => {
    const log = createRejectionLog(folder)
    let isSettled = false
    const adding = log.add(row(1, 'x'.repeat(1_000_000))).then(() => (isSettled = true))
    await Promise.resolve()
    expect(isSettled).toBe(false)
    await adding
    expect(await Array.fromAsync(log.rows())).toHaveLength(1)
  })

  test('fails where its file cannot be made, and closes all the same', async () => {
    const log = createRejectionLog(join(folder, 'missing'))
    await expect(log.add(row(1, 'x'.repeat(1_000_000)))).rejects.toThrow(/ENOENT/)
    await expect(log.add(row(2, ''))).rejects.toThrow(/ENOENT/)
    await expect(Array.fromAsync(log.rows())).rejects.toThrow(/ENOENT/)
    await log.close()
  })

  test('can be closed unread, and once more after it was read', async () => {
    const unread = createRejectionLog(folder)
    await unread.add(row(1, 'text'))
    await unread.close()
    await rm(join(folder, 'rejected.ndjson'))
    const read = createRejectionLog(folder)
    expect(await Array.fromAsync(read.rows())).toEqual([])
    await read.close()
    await read.close()
  })
})
