import { ContractError } from '@coretelecoms/core'

/** A reading position in the bytes of a JSON document. */
export interface Cursor {
  readonly bytes: Buffer
  /** Named in errors, for example `social_media 2025-11-20`. */
  readonly name: string
  offset: number
}

/** Moves over JSON white space and returns the byte that follows; undefined at the end of the document. */
export function skipSpace(cursor: Cursor): number | undefined {
  const { bytes } = cursor
  let { offset } = cursor
  let byte = bytes[offset]
  while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) byte = bytes[++offset]
  cursor.offset = offset
  return byte
}

/** Moves over white space and one punctuation byte; refuses the document when another one stands there. */
export function skipPunctuation(cursor: Cursor, expected: string): void {
  const byte = skipSpace(cursor)
  if (byte !== expected.charCodeAt(0)) refuseByte(cursor, `${JSON.stringify(expected)} is due`)
  cursor.offset += 1
}

/** Refuses a delivery as a whole: throws a ContractError that says what stands there and where. */
export function refuse(cursor: Cursor, code: string, seen: string): never {
  throw new ContractError(code, `${cursor.name}: ${seen}; nothing is published, ask for the delivery again`, {
    context: { offset: cursor.offset },
  })
}

/** Refuses the byte at the cursor; at the end of the document that means a truncated one. */
export function refuseByte(cursor: Cursor, due: string): never {
  const { bytes, offset } = cursor
  const byte = bytes[offset]
  if (byte === undefined) {
    refuse(
      cursor,
      'json_truncated',
      `the JSON document is truncated: it ends after ${bytes.length} bytes, where ${due}`,
    )
  }
  // The byte is not shown as a character: it may be part of somebody's name.
  refuse(cursor, 'json_syntax', `byte ${offset} of the document is 0x${hex(byte)}, where ${due}: this is not JSON`)
}

function hex(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, '0')
}
