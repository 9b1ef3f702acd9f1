import { expect, test } from 'vitest'
import { z } from 'zod'
import { envExample } from '../../src/config/env-example.ts'
import { optionalSetting, requiredSetting } from '../../src/config/settings.ts'

test('envExample names each setting once and comments out what may be left out', () => {
  const shared = { CX_BUCKET: requiredSetting({ description: 'Bucket.', example: 'raw' }) }
  const own = {
    CX_ENDPOINT: optionalSetting({ description: 'Endpoint.', example: 'http://x' }),
    CX_DATABASE: requiredSetting({ description: 'Database.', example: 'D' }).default('D'),
  }
  const text = envExample([
    { app: 'first', schema: z.object(shared) },
    { app: 'second', schema: z.object({ ...shared, ...own }) },
  ])
  expect(text).toMatch(
    /# first\n# Bucket\.\nCX_BUCKET=raw\n\n# second\n# Endpoint\.\n# CX_ENDPOINT=http:\/\/x\n# Database\.\n# CX_DATABASE=D\n$/,
  )
})
