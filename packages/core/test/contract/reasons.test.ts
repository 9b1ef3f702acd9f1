import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { escapeInvalidText, isStorableText } from '../../src/contract/reasons.ts'

describe('escapeInvalidText', () => {
  test('shows bytes that are not UTF-8 and NUL, and keeps the rest', () => {
    const bytes = Buffer.concat([
      Buffer.from('caf'),
      Buffer.from([0xe9]),
      Buffer.from(' \0 é😀 C:\\x'),
      Buffer.from([0xf0, 0x9f]),
    ])
    expect(escapeInvalidText(bytes)).toBe('caf\\xE9 \\x00 é😀 C:\\\\x\\xF0\\x9F')
  })

  test('can be turned back into the very bytes, whatever they were', () => {
    const unescape = (text: string): Buffer =>
      Buffer.concat(
        (text.match(/\\x[0-9A-F]{2}|\\\\|[^\\]/gu) ?? []).map((token) =>
          token.startsWith('\\x') ? Buffer.from(token.slice(2), 'hex') : Buffer.from(token === '\\\\' ? '\\' : token),
        ),
      )
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
    )
    fc.assert(
      fc.property(bytes, (input) => {
        const text = escapeInvalidText(input)
        return isStorableText(text) && unescape(text).equals(Buffer.from(input))
      }),
    )
  })
})
