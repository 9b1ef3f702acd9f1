import { expect, test } from 'vitest'
import { readDocument } from '../../src/json-columns/document.ts'
import { rowOriginalText } from '../../src/json-columns/original-text.ts'

function originals(json: Buffer): string[] {
  const document = readDocument({ bytes: json, name: 'x', knownHeaders: new Set() })
  return Array.from({ length: document.rowKeys.length }, (_, row) => rowOriginalText(document, row))
}

test('the original text of a row is an object of its raw values, under the row key and the headers of the source', () => {
  const json = '{"agent ID":{"3":1004.0,"9":{"k": 1}},"na\\"me":{"3":"caf\\u00e9","9":null}}'
  expect(originals(Buffer.from(json))).toEqual([
    '{"(row key)":"3","agent ID":1004.0,"na\\"me":"caf\\u00e9"}',
    '{"(row key)":"9","agent ID":{"k": 1},"na\\"me":null}',
  ])
})

test('a column that lacks the row is not in it', () => {
  expect(originals(Buffer.from('{"a":{"1":"x"},"b":{"2":"y"}}'))).toEqual([
    '{"(row key)":"1","a":"x"}',
    '{"(row key)":"2","b":"y"}',
  ])
})

test('invalid text is escaped so that it can be stored and recovered', () => {
  const json = Buffer.concat([
    Buffer.from('{"a":{"1":"\\ud800 C:\\\\x","2":"caf'),
    Buffer.from([0xe9]),
    Buffer.from('","3":"good \\n"}}'),
  ])
  expect(originals(json)).toEqual([
    '{"(row key)":"1","a":"\\\\ud800 C:\\\\\\\\x"}',
    '{"(row key)":"2","a":"caf\\xE9"}',
    '{"(row key)":"3","a":"good \\n"}',
  ])
})
