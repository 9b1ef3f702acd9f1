import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { numberSetting, optionalSetting, parseSettings, requiredSetting } from '../../src/config/settings.ts'

const schema = z.object({
  CX_BUCKET: requiredSetting({ description: 'Bucket.', example: 'raw' }),
  CX_ENDPOINT: optionalSetting({ description: 'Endpoint.', example: 'http://x' }),
  CX_TIMEOUT_MS: numberSetting({ description: 'Timeout.', example: '1000', default: 1000, min: 1, max: 5000 }),
})

describe('parseSettings', () => {
  test('takes what is set, fills defaults and leaves the rest of the environment alone', () => {
    expect(parseSettings(schema, { CX_BUCKET: 'b', PATH: '/bin', CX_ENDPOINT: '' })).toEqual({
      CX_BUCKET: 'b',
      CX_TIMEOUT_MS: 1000,
    })
  })

  test('lists every fault at once, says how to mend each, and shows no value', () => {
    expect(() => parseSettings(schema, { CX_TIMEOUT_MS: 'hunter2' })).toThrow(
      /2 of the settings are wrong\n {2}CX_BUCKET is not set: Bucket\. For example CX_BUCKET=raw\n {2}CX_TIMEOUT_MS is not a number: Timeout\. For example CX_TIMEOUT_MS=1000$/,
    )
    expect(() => parseSettings(schema, { CX_TIMEOUT_MS: 'hunter2' })).not.toThrow(/hunter2/)
  })
})
