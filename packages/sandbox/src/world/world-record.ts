import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

/** Raised when the same options would give other bytes, so that worlds of before are made anew. */
export const generatorVersion = 1

/** Name of the file that tells a generated world from any other folder. */
export const worldRecordName = 'world.json'

const counts = z.record(z.string(), z.int().nonnegative())
const daily = z.enum(['call_logs', 'social_media', 'web_forms'])

const worldRecordSchema = z.object({
  generatorVersion: z.int(),
  options: z.object({ seed: z.int(), days: z.int(), scale: z.number(), firstDay: z.string() }),
  undelivered: z.array(z.object({ dataset: daily, day: z.string() })),
  files: z.array(z.object({ name: z.string(), bytes: z.int(), sha256: z.string() })),
  declared: z.array(
    z.object({
      dataset: z.enum(['customers', 'agents', ...daily.options]),
      day: z.string().optional(),
      rows: z.int(),
      quarantined: counts,
      warnings: counts,
      redelivered: z.int(),
      unknownCustomers: z.int(),
      unknownAgents: z.int(),
    }),
  ),
})

/** What is written beside a generated world: how it was made, what it holds and what was spoilt on purpose. */
export type WorldRecord = z.infer<typeof worldRecordSchema>

/** Reads the record of a generated world; undefined where the folder has none, or one of another shape. */
export async function readWorldRecord(folder: string): Promise<WorldRecord | undefined> {
  let text: string
  try {
    text = await readFile(join(folder, worldRecordName), 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
  const parsed = worldRecordSchema.safeParse(parseJson(text))
  return parsed.success ? parsed.data : undefined
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // not JSON: not a record of ours, which is what the caller asks
  }
}
