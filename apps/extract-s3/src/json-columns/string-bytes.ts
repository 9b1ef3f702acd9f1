/** A part of a document: from its first byte to after its last. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** What a two-byte escape stands for, by its second byte. */
const simpleEscapes: ReadonlyMap<number, number> = new Map([
  [0x22, 0x22],
  [0x5c, 0x5c],
  [0x2f, 0x2f],
  [0x62, 0x08],
  [0x66, 0x0c],
  [0x6e, 0x0a],
  [0x72, 0x0d],
  [0x74, 0x09],
])

/**
 * The bytes a JSON string means, escapes decoded; its span includes the quotes and was found valid before. What is not
 * UTF-8 stays as it is. A lone surrogate comes out as the three bytes UTF-8 forbids for it, so that whoever checks the
 * text afterwards finds it.
 */
export function decodeString(bytes: Buffer, { start, end }: Span): Buffer {
  const raw = bytes.subarray(start + 1, end - 1)
  if (!raw.includes(0x5c)) return raw
  const decoded = Buffer.allocUnsafe(raw.length)
  let length = 0
  for (let index = 0; index < raw.length;) {
    const byte = raw[index] ?? 0
    if (byte !== 0x5c) {
      decoded[length++] = byte
      index += 1
    } else if (raw[index + 1] !== 0x75) {
      decoded[length++] = simpleEscapes.get(raw[index + 1] ?? 0) ?? 0
      index += 2
    } else {
      const unit = codeUnit(raw, index)
      const next = isHighSurrogate(unit) ? codeUnit(raw, index + 6) : undefined
      const isPair = next !== undefined && next >= 0xdc00 && next < 0xe000
      const point = isPair ? 0x10000 + ((unit - 0xd800) << 10) + (next - 0xdc00) : unit
      length = writeCodePoint(decoded, length, point)
      index += isPair ? 12 : 6
    }
  }
  return decoded.subarray(0, length)
}

/** The code unit of a `\uXXXX` at an index; NaN when none stands there. */
function codeUnit(raw: Buffer, index: number): number {
  if (raw[index] !== 0x5c || raw[index + 1] !== 0x75) return Number.NaN
  return Number.parseInt(raw.toString('latin1', index + 2, index + 6), 16)
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00
}

// Buffer.write would replace a lone surrogate by U+FFFD, which is the silent change that must not happen.
function writeCodePoint(target: Buffer, offset: number, point: number): number {
  if (point < 0x80) {
    target[offset] = point
    return offset + 1
  }
  const continuations = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3
  const lead = [0, 0xc0, 0xe0, 0xf0][continuations] ?? 0
  target[offset] = lead | (point >> (6 * continuations))
  for (let index = 1; index <= continuations; index++) {
    target[offset + index] = 0x80 | ((point >> (6 * (continuations - index))) & 0x3f)
  }
  return offset + 1 + continuations
}
