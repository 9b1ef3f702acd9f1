/** Whole records of a delivery in a file of their own. */
export interface Chunk {
  /** From 0, in source order. */
  readonly number: number
  readonly file: string
  /** Rows of the delivery before this chunk. */
  readonly rowsBefore: number
  readonly rows: number
  /** Size of the file. */
  readonly bytes: number
  readonly quotedFields: number
  readonly doubledQuotes: number
  readonly usesCrlf: boolean
  /** Code points of ASCII white space that may stand at the ends of its values. */
  readonly whiteSpace: readonly number[]
  /** The scan found nothing odd, so DuckDB may read the file as it is. */
  readonly isPlain: boolean
  /** Where its damaged records end, in order. */
  readonly damageEnds: readonly number[]
}

/** Bytes that are left for values when separators, line ends and quotes are taken off a plain chunk. */
export function valueBytes(chunk: Chunk, width: number): number {
  const separators = chunk.rows * (width + (chunk.usesCrlf ? 1 : 0))
  return chunk.bytes - separators - 2 * chunk.quotedFields - chunk.doubledQuotes
}
