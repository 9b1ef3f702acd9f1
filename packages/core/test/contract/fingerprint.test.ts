import { expect, test } from 'vitest'
import { rowFingerprint, rowText } from '../../src/contract/fingerprint.ts'

test('rowFingerprint is the number that Snowflake documents for MD5_NUMBER_LOWER64', () => {
  // https://docs.snowflake.com/en/sql-reference/functions/md5_number_lower64, the page's own example
  expect(rowFingerprint('Snowflake')).toBe(9203306159527282910n)
})

test('rowText tells null, empty text and neighbouring values apart', () => {
  const texts = [
    rowText([null, 'a'], 1),
    rowText(['', 'a'], 1),
    rowText(['a', null], 1),
    rowText(['a', ''], 1),
    rowText([1, 23n], 4),
    rowText([12, 3n], 4),
    rowText([1, 23n], 5),
  ]
  expect(new Set(texts).size).toBe(texts.length)
  expect(texts[0]).toBe('\u001e\u001fa\u001f1')
})
