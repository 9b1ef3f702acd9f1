const flushCharacters = 1 << 16

/** A piece of a file: text, or bytes that are no text. */
export type Piece = string | Buffer

/** Gathers small pieces into buffers of about 64 KiB, encoded as UTF-8; memory holds one of them. */
export async function* encodePieces(pieces: Iterable<Piece>): AsyncGenerator<Buffer> {
  let text = ''
  for (const piece of pieces) {
    if (typeof piece === 'string') text += piece
    if (typeof piece !== 'string' || text.length >= flushCharacters) {
      if (text !== '') yield Buffer.from(text, 'utf8')
      text = ''
      if (typeof piece !== 'string') yield piece
    }
  }
  if (text !== '') yield Buffer.from(text, 'utf8')
}

/** A CSV record as pandas writes it: quotes only where a comma, a quote or a line end asks for them, LF at the end. */
export function csvRecord(fields: readonly string[]): string {
  let record = ''
  for (let index = 0; index < fields.length; index++) {
    const field = fields[index] as string
    if (index > 0) record += ','
    record += /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field
  }
  return `${record}\n`
}

/** A CSV record with a byte in it that is not UTF-8: the sign `\uFFFD` in a field stands for it. */
export function csvRecordWithInvalidByte(fields: readonly string[]): Buffer {
  const [before = '', after = ''] = csvRecord(fields).split('\ufffd')
  // 0xE9 is é in latin-1 and starts a sequence that never ends in UTF-8.
  return Buffer.concat([Buffer.from(before), Buffer.from([0xe9]), Buffer.from(after)])
}
