import { readFile } from 'node:fs/promises'
import { mergeReasons, type Reason } from '../contract/reasons.ts'
import type { Chunk } from './chunk.ts'
import type { Delivering } from './delivering.ts'
import { inconsistency } from '../errors/inconsistency.ts'
import { originalText } from './original-text.ts'
import { fieldText } from './record-parser.ts'
import { findReasons } from './row-reasons.ts'
import { type WalkedRecord, walkRecords } from './walk.ts'

/**
 * Sets the rows of a chunk aside that do not land: those whose record is damaged, and those that DuckDB found to break
 * the contract (`badRows`, positions in order). The reasons of the latter are found here, by code that shares nothing
 * with the SQL, so the two must agree about every row. Returns how many rows were set aside.
 */
export function setBadRowsAside(run: Delivering, chunk: Chunk, badRows: AsyncIterator<number>): Promise<number> {
  return setRowsAside(run, chunk, badRows, (record, bytes, row, isBad) => {
    const faults = run.delivery.faults?.get(row)
    if (record.faults.length > 0) return mergeReasons(run.options.dataset, record.faults, faults)
    if (!isBad) return []
    const rules = { ...run.options, header: run.header }
    const reasons = findReasons(rules, (index) => fieldText(bytes, record.fields, index))
    const all = mergeReasons(run.options.dataset, reasons, faults)
    if (all.length === 0) throw inconsistency('the two implementations of the contract', { row })
    return all
  })
}

/** Sets the rows of a chunk aside whose key an earlier row has. */
export function setRepeatedRowsAside(run: Delivering, chunk: Chunk, rows: readonly number[]): Promise<number> {
  return setRowsAside(run, chunk, rows.values(), (_record, _bytes, _row, isRepeated) =>
    isRepeated ? ['repeated_key'] : [],
  )
}

type FindReasons = (record: WalkedRecord, bytes: Buffer, row: number, isNamed: boolean) => readonly Reason[]

async function setRowsAside(
  run: Delivering,
  chunk: Chunk,
  named: AsyncIterator<number> | Iterator<number>,
  findReasonsOf: FindReasons,
): Promise<number> {
  const bytes = await readFile(chunk.file)
  const { delivery, options } = run
  let name = await named.next()
  let row = chunk.rowsBefore
  let count = 0
  for (const record of walkRecords({ ...chunk, bytes, width: run.rowSql.width, isLast: true, delivery: run.name })) {
    row++
    const isNamed = name.done !== true && name.value === row
    if (isNamed) name = await named.next()
    const reasons = findReasonsOf(record, bytes, row, isNamed)
    if (reasons.length === 0) continue
    const text = delivery.originalText?.(row) ?? originalText({ bytes, start: record.start, end: record.end, reasons })
    await options.rejections.add({ sourceRow: row, reasons, originalText: text })
    options.signal.throwIfAborted()
    count++
  }
  if (name.done !== true || row !== chunk.rowsBefore + chunk.rows) {
    throw inconsistency('the scan and the strict parser', { expected: chunk.rowsBefore + chunk.rows, found: row })
  }
  return count
}
