import { escapeInvalidText, type Reason } from '../contract/reasons.ts'
import { byte } from './bytes.ts'

/** Where a record lies and what is wrong with it. */
export interface OriginalRecord {
  readonly bytes: Buffer
  readonly start: number
  readonly end: number
  readonly reasons: readonly Reason[]
}

/** The text of a record as the source wrote it, without the line end that closes it. */
export function originalText({ bytes, start, end, reasons }: OriginalRecord): string {
  let last = end
  if (last > start && bytes[last - 1] === byte.lineFeed) {
    last--
    if (last > start && bytes[last - 1] === byte.carriageReturn) last--
  }
  const record = bytes.subarray(start, last)
  return reasons.includes('invalid_text') ? escapeInvalidText(record) : record.toString('utf8')
}
