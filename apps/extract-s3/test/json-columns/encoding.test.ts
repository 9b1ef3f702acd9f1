import { expect, test } from 'vitest'
import { dropByteOrderMark } from '../../src/json-columns/encoding.ts'

const json = '{"a":{"1":"é"}}'

test('drops the byte-order mark of UTF-8 and keeps the rest', () => {
  expect(dropByteOrderMark(Buffer.from(`\ufeff${json}`), 'x').toString()).toBe(json)
  expect(dropByteOrderMark(Buffer.from(json), 'x').toString()).toBe(json)
  expect(dropByteOrderMark(Buffer.alloc(0), 'x')).toHaveLength(0)
})

const utf16 = Buffer.from(json, 'utf16le')
const utf32 = Buffer.concat(Array.from(json).map((character) => Buffer.from(`${character}\0`, 'utf16le')))
test.each([
  ['UTF-16 (little-endian)', Buffer.from(`\ufeff${json}`, 'utf16le')],
  ['UTF-16 (big-endian)', Buffer.from(`\ufeff${json}`, 'utf16le').swap16()],
  ['UTF-16 (little-endian)', utf16],
  ['UTF-16 (big-endian)', Buffer.from(utf16).swap16()],
  ['UTF-32 (little-endian)', utf32],
  ['UTF-32 (big-endian)', Buffer.from(utf32).swap32()],
  ['gzip', Buffer.from([0x1f, 0x8b, 8, 0])],
])('refuses %s by name', (name, bytes) => {
  expect(() => dropByteOrderMark(bytes, 'social_media 2025-11-20')).toThrow(
    expect.objectContaining({
      code: 'encoding',
      exitCode: 2,
      message: expect.stringContaining(`the object is ${name}`) as string,
    }),
  )
})
