import { isUtf8 } from 'node:buffer'
import { ContractError } from '../errors/contract-error.ts'

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf])

/** First bytes of what is not CSV in UTF-8, longest first where one begins another. */
const signatures: readonly { name: string; bytes: readonly number[] }[] = [
  { name: 'UTF-32 (little endian)', bytes: [0xff, 0xfe, 0x00, 0x00] },
  { name: 'UTF-32 (big endian)', bytes: [0x00, 0x00, 0xfe, 0xff] },
  { name: 'UTF-16 (little endian)', bytes: [0xff, 0xfe] },
  { name: 'UTF-16 (big endian)', bytes: [0xfe, 0xff] },
  { name: 'gzip', bytes: [0x1f, 0x8b] },
  { name: 'zstd', bytes: [0x28, 0xb5, 0x2f, 0xfd] },
  { name: 'zip', bytes: [0x50, 0x4b, 0x03, 0x04] },
  { name: 'Parquet', bytes: [0x50, 0x41, 0x52, 0x31] },
]

/**
 * Looks at the first bytes of a delivery and returns how many of them are a UTF-8 byte order mark (0 or 3). Throws a
 * ContractError that names what was seen when they are another encoding or a compressed file.
 */
export function findTextStart(firstBytes: Buffer, delivery: string): number {
  const found = signatures.find(({ bytes }) => firstBytes.subarray(0, bytes.length).equals(Buffer.from(bytes)))
  if (found) throw foreignEncoding(delivery, found.name)
  return firstBytes.subarray(0, byteOrderMark.length).equals(byteOrderMark) ? byteOrderMark.length : 0
}

/**
 * Checks that a header record is text. Throws a ContractError that names what the header looks like: UTF-16 without a
 * byte order mark, other bytes with NUL, or an 8-bit code page.
 */
export function checkHeaderText(header: Buffer, delivery: string): void {
  const zero = header.indexOf(0)
  if (zero !== -1) {
    const isEveryOther = zero < 2 && header.length > 3 && header[zero + 2] === 0 && header[zero + 1] !== 0
    throw foreignEncoding(delivery, isEveryOther ? 'UTF-16 (no byte order mark)' : 'binary (a NUL byte in the header)')
  }
  if (!isUtf8(header)) throw foreignEncoding(delivery, 'an 8-bit code page such as latin-1')
}

function foreignEncoding(delivery: string, name: string): ContractError {
  return new ContractError(
    'not_utf8_encoding',
    `${delivery}: the delivery looks like ${name}; the contract takes CSV in UTF-8, so have the source write that`,
    { context: { seen: name } },
  )
}
