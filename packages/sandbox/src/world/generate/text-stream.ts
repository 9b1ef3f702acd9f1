const bufferBytes = 1 << 18
/** UTF-8 takes at most three bytes for a UTF-16 code unit. */
const longestText = Math.floor(bufferBytes / 3)

/** A piece of a file: text, or bytes that are no text. */
export type Piece = string | Buffer

/**
 * Gathers small pieces into blocks of at most 256 KiB, encoded as UTF-8. A block is valid until the next is asked for:
 * all are the same memory, since a fresh one each would grow the process faster than the collector runs.
 */
export function* encodePieces(pieces: Iterable<Piece>): Generator<Buffer> {
  const buffer = Buffer.allocUnsafe(bufferBytes)
  let filled = 0
  for (const piece of pieces) {
    if (piece.length > longestText) throw new RangeError(`a piece of ${piece.length} is longer than a block`)
    if (filled + 3 * piece.length > bufferBytes) {
      yield buffer.subarray(0, filled)
      filled = 0
    }
    filled += typeof piece === 'string' ? buffer.write(piece, filled) : piece.copy(buffer, filled)
  }
  yield buffer.subarray(0, filled)
}

/** A CSV record as pandas writes it: quotes only where a comma, a quote or a line end asks for them, LF at the end. */
export function csvRecord(fields: readonly string[]): string {
  let record = ''
  for (let index = 0; index < fields.length; index++) {
    if (index > 0) record += ','
    record += quoteField(fields[index] as string)
  }
  return record + '\n'
}

function quoteField(field: string): string {
  if (!/[",\r\n]/.test(field)) return field
  return '"' + (field.includes('"') ? field.replaceAll('"', '""') : field) + '"'
}

/** A CSV record with a byte in it that is not UTF-8: the sign `\uFFFD` in a field stands for it. */
export function csvRecordWithInvalidByte(fields: readonly string[]): Buffer {
  const [before = '', after = ''] = csvRecord(fields).split('\ufffd')
  // 0xE9 is é in latin-1 and starts a sequence that never ends in UTF-8.
  return Buffer.concat([Buffer.from(before), Buffer.from([0xe9]), Buffer.from(after)])
}
