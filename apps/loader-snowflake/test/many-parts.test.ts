import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  agents,
  type ManifestPart,
  partFields,
  partKey,
  createRecordWriter,
  rowFingerprint,
  rowText,
} from '@coretelecoms/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { publishDay, republish } from './world/publish.ts'
import { createWorld, type World } from './world/world.ts'

const date = '2025-11-20'
const loadId = '01a20dd0-fe1a-775f-addf-5938ba197330'
let world: World

beforeAll(async () => {
  world = await createWorld('MANY_PARTS')
  await world.loadWell(['migrate'])
})

afterAll(() => world.close())

async function writePart(folder: string, index: number): Promise<ManifestPart> {
  const file = join(folder, String(index))
  const writer = await createRecordWriter(file, partFields(agents))
  await writer.append([index, `Agent ${index}`, null, null, 0n, loadId, 'test://agents', BigInt(index), 'agents@1'])
  await writer.close()
  const body = await readFile(file)
  const key = partKey({ dataset: agents, date }, loadId, index)
  await world.putObject(key, body)
  return { key, rows: 1, bytes: body.length, sha256: createHash('sha256').update(body).digest('hex') }
}

test('a publication of more parts than one COPY takes is loaded whole', { timeout: 120_000 }, async () => {
  const count = 1001
  const batch = 20
  const folder = await mkdtemp(join(tmpdir(), 'many-parts-'))
  const parts: ManifestPart[] = []
  let fingerprint = 0n
  for (let index = 0; index < count; index += batch) {
    const indexes = Array.from({ length: Math.min(batch, count - index) }, (_, offset) => index + offset)
    parts.push(...(await Promise.all(indexes.map((number) => writePart(folder, number)))))
    for (const number of indexes)
      fingerprint += rowFingerprint(rowText([number, `Agent ${number}`, null, null], number))
  }
  await rm(folder, { recursive: true })
  const manifest = await publishDay({ store: world.store, dataset: agents, date, rows: [], version: 'template' })
  await republish(world.store, agents, {
    manifest: {
      ...manifest,
      parts,
      source: { ...manifest.source, rows: count },
      counts: { ...manifest.counts, read: count, landed: count },
      fingerprint: String(fingerprint),
    },
    loadId,
  })
  const ended = await world.load(['run', '--dataset', 'agents', '--date', date])
  expect(ended).toMatchObject({ exitCode: 0, problems: [], results: [{ status: 'loaded', loaded: count }] })
  expect(await world.query('SELECT COUNT(*) AS n FROM OPS.LOADED_PARTS')).toEqual([{ n: String(count) }])
})
