import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ContractError } from '../errors/contract-error.ts'
import type { ByteSource } from './byte-source.ts'
import { byte, whiteSpaceCodes } from './bytes.ts'

import type { Chunk } from './chunk.ts'
import { readHeader } from './csv-header.ts'
import { scanRecords } from './scan.ts'
import { walkRecords } from './walk.ts'

/** The longest record that is read: a value at Snowflake's limit of 16 MiB, and room for quotes and the other fields. */
export const maxRecordBytes = 20 * 1024 * 1024

/** What a delivery is cut under. */
export interface ChunkOptions {
  readonly source: ByteSource
  readonly chunkBytes: number
  readonly maxRecordBytes: number
  /** Folder for the chunk files. */
  readonly directory: string
  /** `call_logs 2025-11-20`, for messages. */
  readonly delivery: string
  /** Called with the header before the first chunk is cut; returns its number of fields. */
  onHeader(headers: readonly string[]): number
}

interface Cut {
  end: number
  chunk: Omit<Chunk, 'number' | 'file' | 'rowsBefore'>
}

/**
 * Cuts a delivery at record ends into chunk files of about `chunkBytes`. One buffer is held, which grows only for a
 * record that does not fit. Throws a ContractError for what is refused whole: another encoding, no header, records
 * whose ends are in doubt, a record over `maxRecordBytes`.
 */
export async function* cutChunks(options: ChunkOptions): AsyncGenerator<Chunk> {
  const { source, delivery } = options
  let buffer = Buffer.allocUnsafeSlow(options.chunkBytes)
  let length = 0
  let width: number | undefined
  let number = 0
  let rowsBefore = 0
  for (let isLast = false; !isLast;) {
    length = await source.fill(buffer, length)
    isLast = source.isEnded
    // A full buffer may hold the last byte: only another read says so.
    let bytes: Buffer = buffer.subarray(0, length)
    if (isLast && length > 0 && bytes[length - 1] !== byte.lineFeed) bytes = withLineEnd(bytes)
    let start = 0
    if (width === undefined) {
      const header = readHeader({ bytes, isLast, delivery })
      if (header) {
        width = options.onHeader(header.headers)
        start = header.end
      }
    }
    const records = bytes.subarray(start)
    const cut = width === undefined ? undefined : cutRecords(records, isLast)
    if (cut && cut.chunk.rows > 0) {
      const file = join(options.directory, `chunk-${String(number).padStart(5, '0')}.csv`)
      await writeFile(file, records.subarray(0, cut.end))
      yield { ...cut.chunk, number, file, rowsBefore }
      number++
      rowsBefore += cut.chunk.rows
    }
    const consumed = start + (cut?.end ?? 0)
    if (consumed === 0 && length === buffer.length && !isLast) {
      buffer = grow(buffer, rowsBefore + 1)
    } else {
      length = consumed < length ? bytes.copy(buffer, 0, consumed, length) : 0
      if (buffer.length > options.chunkBytes && length < options.chunkBytes) {
        buffer = resize(buffer.subarray(0, length), options.chunkBytes)
      }
    }
  }

  function cutRecords(records: Buffer, isLast: boolean): Cut {
    const scan = scanRecords(records)
    const { end, rows, quotedFields, doubledQuotes, usesCrlf } = scan
    const isWhole = !isLast || end === records.length
    if (scan.isPlain && isWhole) {
      const whiteSpace = findWhiteSpace(records.subarray(0, end), quotedFields)
      const shape = { quotedFields, doubledQuotes, usesCrlf, whiteSpace }
      return { end, chunk: { ...shape, rows, bytes: end, isPlain: true, damageEnds: [] } }
    }
    return cutByWalking(records, isLast)
  }

  function cutByWalking(records: Buffer, isLast: boolean): Cut {
    const damageEnds: number[] = []
    let rows = 0
    const walk = walkRecords({ bytes: records, width: width ?? 0, isLast, delivery, rowsBefore })
    let step = walk.next()
    for (; step.done !== true; step = walk.next()) {
      rows++
      if (step.value.faults.includes('bad_quote')) damageEnds.push(step.value.end)
    }
    const end = step.value
    const shape = { quotedFields: 0, doubledQuotes: 0, usesCrlf: false, whiteSpace: whiteSpaceCodes, isPlain: false }
    return { end, chunk: { ...shape, rows, bytes: end, damageEnds } }
  }

  function grow(full: Buffer, row: number): Buffer<ArrayBuffer> {
    if (full.length >= options.maxRecordBytes) {
      throw new ContractError(
        'record_too_long',
        `${delivery}: ${width === undefined ? 'the header' : `row ${row}`} is longer than ${options.maxRecordBytes} bytes, or has a quote that is never closed; the warehouse could not hold it`,
        { context: { row } },
      )
    }
    return resize(full, Math.min(options.maxRecordBytes, 2 * full.length))
  }
}

// Every character that does not occur saves DuckDB a look at the end of each value.
function findWhiteSpace(records: Buffer, quotedFields: number): number[] {
  return whiteSpaceCodes.filter((code) => (code === byte.lineFeed ? quotedFields > 0 : records.includes(code)))
}

function resize(content: Buffer, size: number): Buffer<ArrayBuffer> {
  const buffer = Buffer.allocUnsafeSlow(size)
  content.copy(buffer)
  return buffer
}

// Once a delivery at most: its last record has no line end of its own.
function withLineEnd(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.from('\n')])
}
