import { z } from 'zod'
import { manifestSchema } from './manifest.ts'

/** The JSON Schema (draft 2020-12) of the manifest, for readers of the raw zone in other languages. */
export function manifestJsonSchema(): Record<string, unknown> {
  return {
    title: 'Manifest of a load in the raw zone, version 1',
    ...z.toJSONSchema(manifestSchema, { target: 'draft-2020-12' }),
  }
}
