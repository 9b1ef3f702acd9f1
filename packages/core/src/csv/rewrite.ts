import { byte } from './bytes.ts'
import type { RecordFields } from './record-parser.ts'
import { walkRecords, type WalkOptions } from './walk.ts'

/** The sound records of a chunk as CSV that leaves nothing to a reader's leniency. */
export interface Rewriting {
  /** Row number, then every field; LF line ends, no header. */
  readonly csv: Buffer
  readonly rows: number
  /** Bytes of all values, the row numbers left out. */
  readonly valueBytes: number
  /** Size of the longest record. */
  readonly longestBytes: number
  /** Records that are left out because of their shape or bytes. */
  readonly setAside: number
}

/** Room that a record needs at most beyond twice its bytes: row number, separators, quotes. */
const recordSlackBytes = 32
const fieldSlackBytes = 3

/** Rewrites a chunk: each sound record gets its row number, fields with a quote or a CR inside are quoted. */
export function rewriteRecords(options: WalkOptions): Rewriting {
  const { bytes } = options
  const output = createOutput(bytes.length + 65_536)
  let row = options.rowsBefore
  let rows = 0
  let valueBytes = 0
  let longestBytes = 0
  for (const { start, end, faults, fields } of walkRecords(options)) {
    row++
    if (faults.length > 0) continue
    const before = output.length
    output.reserve(2 * (end - start) + fieldSlackBytes * fields.count + recordSlackBytes)
    output.length += output.bytes.write(String(row), output.length, 'latin1')
    for (let index = 0; index < fields.count; index++) valueBytes += writeField(output, bytes, fields, index)
    output.bytes[output.length++] = byte.lineFeed
    longestBytes = Math.max(longestBytes, output.length - before)
    rows++
  }
  const setAside = row - options.rowsBefore - rows
  return { csv: output.bytes.subarray(0, output.length), rows, valueBytes, longestBytes, setAside }
}

interface Output {
  bytes: Buffer
  length: number
  reserve(size: number): void
}

function createOutput(size: number): Output {
  return {
    bytes: Buffer.allocUnsafe(size),
    length: 0,
    reserve(room) {
      if (this.length + room <= this.bytes.length) return
      const larger = Buffer.allocUnsafe(this.bytes.length * 2 + room)
      this.bytes.copy(larger, 0, 0, this.length)
      this.bytes = larger
    },
  }
}

// Returns the bytes of the value.
function writeField(output: Output, bytes: Buffer, fields: RecordFields, index: number): number {
  const start = fields.starts[index] ?? 0
  const end = fields.ends[index] ?? start
  output.bytes[output.length++] = byte.comma
  if (fields.kinds[index] === 'odd') {
    output.bytes[output.length++] = byte.quote
    for (let position = start; position < end; position++) {
      const value = bytes[position] ?? 0
      if (value === byte.quote) output.bytes[output.length++] = byte.quote
      output.bytes[output.length++] = value
    }
    output.bytes[output.length++] = byte.quote
    return end - start
  }
  output.length += bytes.copy(output.bytes, output.length, start, end)
  return fields.kinds[index] === 'quoted'
    ? end - start - 2 - countDoubledQuotes(bytes, start + 1, end - 1)
    : end - start
}

function countDoubledQuotes(bytes: Buffer, start: number, end: number): number {
  let count = 0
  for (
    let quote = bytes.indexOf(byte.quote, start);
    quote !== -1 && quote < end;
    quote = bytes.indexOf(byte.quote, quote + 2)
  ) {
    count++
  }
  return count
}
