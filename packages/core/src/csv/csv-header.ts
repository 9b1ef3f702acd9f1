import { ContractError } from '../errors/contract-error.ts'
import { byte } from './bytes.ts'
import { checkHeaderText, findTextStart } from './encoding.ts'
import { badQuote, createRecordFields, fieldText, incomplete, readRecord } from './record-parser.ts'

/** The header record of a delivery. */
export interface CsvHeader {
  readonly headers: readonly string[]
  /** Position of the first row. */
  readonly end: number
}

/** The front of a delivery. */
export interface DeliveryFront {
  readonly bytes: Buffer
  /** It is the whole delivery. */
  readonly isLast: boolean
  readonly delivery: string
}

/** The longest header that is read. */
export const maxHeaderBytes = 1_048_576

/** Without a line feed in so many bytes, carriage returns are taken for line ends. */
const longestLineBytes = 64 * 1024

/**
 * Reads the header record; undefined when the bytes end before it does. An empty delivery has no headers. Throws a
 * ContractError when the delivery is not UTF-8 text, ends its lines with lone carriage returns, quotes its header
 * wrongly, or has one of more than 1 MiB.
 */
export function readHeader({ bytes, isLast, delivery }: DeliveryFront): CsvHeader | undefined {
  const start = findTextStart(bytes, delivery)
  // Nothing, or an order mark and the line end that is added to a last line without one.
  if (isLast && bytes.length - start <= 1) return { headers: [], end: bytes.length }
  const fields = createRecordFields()
  // The front only: a field is noted in memory for each comma of what is looked at.
  const end = readRecord(bytes.subarray(0, start + maxHeaderBytes), start, fields)
  const isTooLong = end === incomplete && bytes.length - start > maxHeaderBytes
  const record = bytes.subarray(start, end > 0 ? end : undefined)
  if (end === badQuote || (end === incomplete && isLast && !isTooLong)) {
    checkHeaderText(firstLine(record), delivery)
    throw new ContractError(
      'bad_header',
      `${delivery}: the header has a quote where none may stand, or one that is not closed`,
    )
  }
  if (end === incomplete) {
    if (bytes.length > longestLineBytes && bytes.includes(byte.carriageReturn) && !bytes.includes(byte.lineFeed)) {
      throw loneCarriageReturns(delivery)
    }
    if (isTooLong) throw headerTooLong(delivery)
    return undefined
  }
  checkHeaderText(record, delivery)
  for (let index = 0; index < fields.count; index++) {
    if (
      fields.kinds[index] === 'odd' &&
      bytes.subarray(fields.starts[index], fields.ends[index]).includes(byte.carriageReturn)
    ) {
      throw loneCarriageReturns(delivery)
    }
  }
  return { headers: Array.from({ length: fields.count }, (_, index) => fieldText(bytes, fields, index)), end }
}

function loneCarriageReturns(delivery: string): ContractError {
  return new ContractError(
    'lone_carriage_returns',
    `${delivery}: the header holds a carriage return without a line feed; have the source end its lines with LF or CRLF`,
  )
}

function headerTooLong(delivery: string): ContractError {
  return new ContractError(
    'header_too_long',
    `${delivery}: the header is longer than ${maxHeaderBytes} bytes, or has a quote that is never closed`,
  )
}

function firstLine(bytes: Buffer): Buffer {
  const lineFeed = bytes.indexOf(byte.lineFeed)
  return lineFeed === -1 ? bytes : bytes.subarray(0, lineFeed)
}
