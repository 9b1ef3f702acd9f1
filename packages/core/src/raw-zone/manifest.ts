import { createHash } from 'node:crypto'
import { z } from 'zod'

const hexSha256 = z.string().regex(/^[0-9a-f]{64}$/)
const isoDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)
const count = z.int().nonnegative()

const partSchema = z.strictObject({
  key: z.string().min(1).describe('Key of the Parquet object in the raw bucket.'),
  rows: count,
  bytes: count,
  sha256: hexSha256,
})

/** The manifest of a load, as JSON in the raw zone; version 1. */
export const manifestSchema = z
  .strictObject({
    manifest_version: z.literal(1),
    dataset: z.string().min(1),
    partition: z.strictObject({ name: z.string().min(1), date: isoDate }),
    load_id: z.uuid().describe('UUIDv7 of the attempt that published this.'),
    run_id: z.string().min(1),
    contract: z.strictObject({
      version: z.string().min(1).describe('<dataset>@<version>'),
      hash: hexSha256.describe('sha256 over the canonical JSON of the contract.'),
    }),
    source: z.strictObject({
      uri: z.string().min(1),
      version: z.string().min(1).describe('ETag of the object, or a hash over the snapshot.'),
      bytes: count.describe('Bytes that came from the source.'),
      sha256: hexSha256.describe('sha256 over those bytes.'),
      rows: count,
    }),
    parts: z.array(partSchema),
    quarantine_parts: z.array(partSchema),
    counts: z.strictObject({
      read: count,
      landed: count,
      quarantined: count,
      warnings: z.record(z.string(), count).describe('Rows that landed although they break a soft rule, by rule.'),
    }),
    fingerprint: z.string().regex(/^\d+$/).describe('Exact sum over all landed rows; see docs/fingerprint.md.'),
    headers: z.array(z.string()).describe("The source's headers as it spells them."),
    overrides: z.array(z.string()).describe('Guards that were overridden by a flag of the run.'),
    started_at: z.iso.datetime(),
    ended_at: z.iso.datetime(),
    producer: z.string().min(1).describe('<app>/<version>'),
  })
  .refine((manifest) => manifest.counts.read === manifest.counts.landed + manifest.counts.quarantined, {
    message: 'rows read are not rows landed + rows quarantined',
  })
  .refine((manifest) => sumRows(manifest.parts) === manifest.counts.landed, {
    message: 'the parts do not add up to the rows landed',
  })
  .refine((manifest) => sumRows(manifest.quarantine_parts) === manifest.counts.quarantined, {
    message: 'the quarantine parts do not add up to the rows quarantined',
  })

/** A load of one partition: what was read, what landed, and where it lies. */
export type Manifest = z.infer<typeof manifestSchema>
/** One Parquet object that a manifest names. */
export type ManifestPart = z.infer<typeof partSchema>

/** `current.json`: which manifest is the publication of its partition. */
export const currentSchema = z.strictObject({
  manifest_key: z.string().min(1),
  manifest_sha256: hexSha256,
  load_id: z.uuid(),
  run_id: z.string().min(1),
  published_at: z.iso.datetime(),
})

/** The publication of a partition. */
export type Current = z.infer<typeof currentSchema>

/** JSON of a manifest or a publication as it is stored: two spaces, keys in the order of the schema, final newline. */
export function encodeJson(value: Manifest | Current): Buffer {
  return Buffer.from(JSON.stringify(value, undefined, 2) + '\n')
}

/** sha256 of bytes, hex. */
export function sha256Hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function sumRows(parts: readonly { rows: number }[]): number {
  return parts.reduce((sum, part) => sum + part.rows, 0)
}
