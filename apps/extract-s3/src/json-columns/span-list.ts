import type { Span } from './string-bytes.ts'

/** Spans of a document by row, eight bytes each: what is held of a document beside its own bytes. */
export interface SpanList {
  readonly length: number
  /** The span of a row; undefined where none was set. */
  get(row: number): Span | undefined
  has(row: number): boolean
  set(row: number, start: number, end: number): void
}

/** Makes a list with room for a number of rows; it grows when a row lies beyond. Offsets stay below 2 GiB. */
export function createSpanList(capacity = 1024): SpanList {
  let starts = new Int32Array(capacity)
  let ends = new Int32Array(capacity)
  let length = 0
  // Nothing ends at offset 0, so 0 stands for "none".
  const has = (row: number): boolean => row < length && ends[row] !== 0
  return {
    get length() {
      return length
    },
    has,
    get(row) {
      return has(row) ? { start: starts[row] ?? 0, end: ends[row] ?? 0 } : undefined
    },
    set(row, start, end) {
      if (row >= starts.length) {
        const size = Math.max(row + 1, starts.length * 2)
        starts = grow(starts, size)
        ends = grow(ends, size)
      }
      starts[row] = start
      ends[row] = end
      length = Math.max(length, row + 1)
    },
  }
}

function grow(array: Int32Array<ArrayBuffer>, size: number): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(size)
  grown.set(array)
  return grown
}
