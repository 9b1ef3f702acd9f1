import { ContractError } from '@coretelecoms/core'

const otherEncodings: readonly (readonly [readonly number[], string])[] = [
  [[0xff, 0xfe, 0x00, 0x00], 'UTF-32 (little-endian)'],
  [[0x00, 0x00, 0xfe, 0xff], 'UTF-32 (big-endian)'],
  [[0xff, 0xfe], 'UTF-16 (little-endian)'],
  [[0xfe, 0xff], 'UTF-16 (big-endian)'],
  [[0x1f, 0x8b], 'gzip'],
  [[0x50, 0x4b, 0x03, 0x04], 'zip'],
]

/**
 * The document without a UTF-8 byte-order mark. Throws a ContractError that names what was seen for another encoding,
 * with or without its mark, and for compressed bytes.
 */
export function dropByteOrderMark(bytes: Buffer, name: string): Buffer {
  const marked = otherEncodings.find(([mark]) => mark.every((byte, index) => bytes[index] === byte))
  const seen = marked?.[1] ?? unmarkedEncoding(bytes)
  if (seen !== undefined) {
    throw new ContractError(
      'encoding',
      `${name}: the object is ${seen}, where JSON in UTF-8 is due; nothing is published`,
    )
  }
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes
}

// JSON starts with an ASCII character, so a NUL beside the first one tells the width of a character (RFC 4627, 3).
function unmarkedEncoding(bytes: Buffer): string | undefined {
  if (bytes.length < 2) return undefined
  if (bytes[0] === 0) return bytes[1] === 0 ? 'UTF-32 (big-endian)' : 'UTF-16 (big-endian)'
  if (bytes[1] !== 0) return undefined
  return bytes[2] === 0 && bytes.length > 3 ? 'UTF-32 (little-endian)' : 'UTF-16 (little-endian)'
}
