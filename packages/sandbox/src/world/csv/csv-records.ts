import { isUtf8 } from 'node:buffer'
import { createReadStream } from 'node:fs'
import { ContractError } from '@coretelecoms/core'
import { createRecordScanner } from './record-scanner.ts'
import { splitFields } from './split-fields.ts'

/** What is wrong with the text of a record, if anything. */
export type RecordFault = 'invalid_text' | 'bad_quote'

/** A record of a CSV file. */
export interface CsvRecord {
  /** 0 for the header, then 1, 2, …; blank lines are no records. */
  readonly row: number
  /** Values as they stand, outer white space included. With a fault they say nothing but how many there are. */
  readonly fields: readonly string[]
  readonly faults: readonly RecordFault[]
}

/**
 * Reads a CSV file (RFC 4180, comma, UTF-8) record by record, as docs/contracts.md says to the letter; memory holds
 * one block and the record at work. This reader shares no code with the one that lands rows, so that each can be
 * checked against the other.
 *
 * Throws a ContractError naming the file and the row where it cannot tell where a record ends, and for UTF-16 and gzip.
 */
export async function* readCsvRecords(path: string): AsyncGenerator<CsvRecord> {
  const scanner = createRecordScanner(path)
  let row = 0
  let isFirst = true
  for await (const block of createReadStream(path, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>) {
    for (const record of scanner.push(isFirst ? withoutMark(block, path) : block)) {
      yield toRecord(record.bytes, record.hasBadQuote, row++)
    }
    isFirst = false
  }
  const last = scanner.end()
  if (last) yield toRecord(last.bytes, last.hasBadQuote, row)
}

function toRecord(bytes: Buffer, hasBadQuote: boolean, row: number): CsvRecord {
  const isText = isUtf8(bytes) && !bytes.includes(0)
  if (!hasBadQuote && isText) return { row, fields: splitFields(bytes.toString('utf8')), faults: [] }
  const fields = hasBadQuote ? [] : splitFields(bytes.toString('latin1'))
  return {
    row,
    fields,
    faults: [...(hasBadQuote ? ['bad_quote' as const] : []), ...(isText ? [] : ['invalid_text' as const])],
  }
}

const marks: readonly (readonly [name: string, bytes: readonly number[]])[] = [
  ['UTF-16 (little endian)', [0xff, 0xfe]],
  ['UTF-16 (big endian)', [0xfe, 0xff]],
  ['a gzip file', [0x1f, 0x8b]],
]

function withoutMark(block: Buffer, path: string): Buffer {
  for (const [name, bytes] of marks) {
    if (bytes.every((byte, index) => block[index] === byte)) {
      throw new ContractError('encoding', `${path}: is ${name}; a delivery is plain UTF-8 text, convert it first`)
    }
  }
  return block[0] === 0xef && block[1] === 0xbb && block[2] === 0xbf ? block.subarray(3) : block
}
