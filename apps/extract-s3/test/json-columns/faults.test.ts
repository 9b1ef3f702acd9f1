import { socialMedia } from '@coretelecoms/core'
import { expect, test } from 'vitest'
import { readDocument } from '../../src/json-columns/document.ts'
import { findFaults } from '../../src/json-columns/faults.ts'

test('names the columns of the contract in which a row holds an object or an array', () => {
  const json = JSON.stringify({
    complaint_id: { 1: '{"a":1}', 2: { a: 1 }, 3: 'x' },
    media_channel: { 1: 'Twitter', 2: [], 3: 7 },
    Mood: { 1: {}, 2: [], 3: 1 },
  })
  const document = readDocument({ bytes: Buffer.from(json), name: 'x', knownHeaders: new Set() })
  expect([...findFaults(document, socialMedia)]).toEqual([[1, ['cast:complaint_id', 'cast:media_channel']]])
})
