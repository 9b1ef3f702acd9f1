import { describe, expect, test } from 'vitest'
import { encodeJson, type Manifest, manifestSchema } from '../../src/raw-zone/manifest.ts'

const sha = 'a'.repeat(64)
const manifest: Manifest = {
  manifest_version: 1,
  dataset: 'agents',
  partition: { name: 'snapshot_date', date: '2025-11-20' },
  load_id: '019ab000-0000-7000-8000-000000000001',
  run_id: 'r',
  contract: { version: 'agents@1', hash: sha },
  source: { uri: 'sheets://x/agents', version: 'v', bytes: 10, sha256: sha, rows: 3 },
  parts: [{ key: 'raw/x', rows: 2, bytes: 5, sha256: sha }],
  quarantine_parts: [{ key: 'quarantine/x', rows: 1, bytes: 5, sha256: sha }],
  counts: { read: 3, landed: 2, quarantined: 1, warnings: {} },
  fingerprint: '123',
  headers: ['iD'],
  overrides: [],
  started_at: '2025-11-21T00:00:00.000Z',
  ended_at: '2025-11-21T00:00:01.000Z',
  producer: 'extract-sheets/0.1.0',
}

describe('manifestSchema', () => {
  test('reads back what encodeJson writes', () => {
    expect(manifestSchema.parse(JSON.parse(encodeJson(manifest).toString()))).toEqual(manifest)
  })

  test.each([
    ['read that is not landed + quarantined', { counts: { ...manifest.counts, read: 4 } }],
    ['parts that are not the rows landed', { parts: [] }],
    ['quarantine parts that are not the rows quarantined', { quarantine_parts: [] }],
    ['a key it does not know', { surprise: 1 }],
    ['a date that is a path', { partition: { name: 'snapshot_date', date: '../../x' } }],
  ])('refuses %s', (_, change) => {
    expect(manifestSchema.safeParse({ ...manifest, ...change }).success).toBe(false)
  })
})
