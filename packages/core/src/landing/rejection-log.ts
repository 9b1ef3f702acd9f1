import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { RejectedRow } from '../contract/reasons.ts'

/** Rows that were set aside, spooled to disk so that their number is not bounded by memory. */
export interface RejectionLog {
  /** Rows added so far. */
  readonly count: number
  /** Adds a row. Settles when there is room for the next one, so that a slow disk holds its writer back. */
  add(row: RejectedRow): Promise<void>
  /** Ends writing and reads every row back in the order in which it was added. Call once, after the last `add`. */
  rows(): AsyncGenerator<RejectedRow>
  /** Gives the file back, whatever state it is in; needed where `rows` was not read. */
  close(): Promise<void>
}

/** Makes a rejection log in a scratch folder. The file is the caller's to remove, with the folder. */
export function createRejectionLog(scratchDirectory: string): RejectionLog {
  const file = join(scratchDirectory, 'rejected.ndjson')
  const stream = createWriteStream(file, { flags: 'wx' })
  let failure: Error | undefined
  let count = 0
  stream.on('error', (error) => (failure = error))
  return {
    get count() {
      return count
    },
    async add(row) {
      if (failure) throw failure
      count += 1
      if (!stream.write(jsonLine(row))) await once(stream, 'drain')
    },
    async *rows() {
      stream.end()
      if (failure) throw failure
      if (!stream.closed) await once(stream, 'close')
      for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
        yield JSON.parse(line) as RejectedRow
      }
    },
    async close() {
      stream.destroy()
      // A file that failed has closed itself, or is about to: what went wrong was told by `add` or `rows`.
      if (!stream.closed) await new Promise<void>((resolve) => stream.once('close', () => resolve()))
    },
  }
}

// readline also ends a line at U+2028 and U+2029, which JSON leaves as they are inside a string.
function jsonLine(row: RejectedRow): string {
  const json = JSON.stringify(row).replace(
    /[\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16)}`,
  )
  return json + '\n'
}
