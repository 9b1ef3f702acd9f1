import { isUtf8 } from 'node:buffer'
import type { Reason } from '../contract/reasons.ts'
import { ContractError } from '../errors/contract-error.ts'
import { byte } from './bytes.ts'
import { findDamageEnd, holdsSoundRecord, inDoubt, type RecordBuffer } from './damage.ts'
import { badQuote, createRecordFields, incomplete, readRecord, type RecordFields } from './record-parser.ts'

/** One record of a walk; the same object is used for the next. */
export interface WalkedRecord {
  start: number
  /** Position after the record's line end. */
  end: number
  /** What is wrong with the record's shape or bytes; empty: its fields can be read. */
  faults: readonly Reason[]
  /** Of no meaning when a quote is bad. */
  readonly fields: RecordFields
}

/** What a walk names in its errors. */
export interface WalkOptions extends RecordBuffer {
  /** `call_logs 2025-11-20`. */
  readonly delivery: string
  /** Rows of the delivery before this buffer. */
  readonly rowsBefore: number
  /**
   * Ends of the damaged records when the buffer was walked before: what followed it then is out of sight now, and
   * was part of the decision.
   */
  readonly damageEnds?: readonly number[]
}

const sound: readonly Reason[] = []

/**
 * Walks the whole records of a buffer with the strict parser, blank lines left out, and stops before a record that
 * is not whole. Returns the position where it stopped. Throws a ContractError where it is in doubt where records end.
 */
export function* walkRecords(options: WalkOptions): Generator<WalkedRecord, number> {
  const { bytes, width } = options
  const isText = isUtf8(bytes) && !bytes.includes(0)
  const fields = createRecordFields()
  const record: WalkedRecord = { start: 0, end: 0, faults: sound, fields }
  let row = options.rowsBefore
  let damages = 0
  let start = 0
  for (; start < bytes.length; start = record.end) {
    record.start = start
    const end = readRecord(bytes, start, fields)
    const isDamaged = end === badQuote || (end === incomplete && options.isLast)
    record.end = isDamaged ? (options.damageEnds?.[damages++] ?? findDamageEnd(options, start)) : end
    if (record.end === incomplete) return start
    if (record.end === inDoubt) throw unterminatedQuote(options, row + 1)
    if (!isDamaged && isBlankLine(record, bytes)) continue
    row++
    if (!isDamaged && fields.count !== width && holdsSoundRecord(options, start, record.end)) {
      throw unterminatedQuote(options, row)
    }
    if (!isDamaged && (fields.count !== width || width === 1) && holdsCarriageReturn(bytes, fields)) {
      throw mixedLineEnds(options, row)
    }
    record.faults = findFaults(isDamaged)
    yield record
  }
  return start

  function findFaults(isDamaged: boolean): readonly Reason[] {
    const shape = isDamaged ? 'bad_quote' : widthFault(fields.count, width)
    const own = isText ? undefined : bytes.subarray(record.start, record.end)
    const isInvalid = own !== undefined && (!isUtf8(own) || own.includes(0))
    if (shape === undefined && !isInvalid) return sound
    const faults: Reason[] = shape === undefined ? [] : [shape]
    if (isInvalid) faults.push('invalid_text')
    return faults
  }
}

function widthFault(count: number, width: number): Reason | undefined {
  if (count === width) return undefined
  return count < width ? 'too_few_fields' : 'too_many_fields'
}

function isBlankLine({ start, end }: WalkedRecord, bytes: Buffer): boolean {
  return end - start === 1 || (end - start === 2 && bytes[start] === byte.carriageReturn)
}

function holdsCarriageReturn(bytes: Buffer, fields: RecordFields): boolean {
  for (let index = 0; index < fields.count; index++) {
    if (fields.kinds[index] !== 'odd') continue
    if (bytes.subarray(fields.starts[index], fields.ends[index]).includes(byte.carriageReturn)) return true
  }
  return false
}

function unterminatedQuote({ delivery }: WalkOptions, row: number): ContractError {
  return new ContractError(
    'unterminated_quote',
    `${delivery}: row ${row} has a quote that is not closed within its row, so where the rows after it start is in doubt; have the source deliver the file again`,
    { context: { row } },
  )
}

function mixedLineEnds({ delivery }: WalkOptions, row: number): ContractError {
  return new ContractError(
    'mixed_line_ends',
    `${delivery}: row ${row} holds a carriage return that may or may not end a row; have the source end every row with LF or CRLF`,
    { context: { row } },
  )
}
