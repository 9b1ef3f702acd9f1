import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import {
  agents,
  createRecordWriter,
  type Current,
  type Manifest,
  partFields,
  type PartRow,
  readPart,
} from '@coretelecoms/core'
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { appEnvironment } from '../../src/platform/app-environment.ts'
import { connectWarehouse, type WarehouseClient, type WarehouseRow } from '../../src/platform/warehouse-client.ts'
import { type AwsClients, createAwsClients } from '../../src/services/aws/credentials.ts'
import { bucketNames } from '../../src/services/aws/topology.ts'
import type { Ended } from './launch.ts'
import { ordinaryDay, startThreatWorld, type ThreatWorld } from './threat-world.ts'

const partition = `raw/agents/snapshot_date=${ordinaryDay}/`
const currentKey = `${partition}current.json`
const loading = ['run', '--dataset', 'agents', '--date', ordinaryDay, '--force']

let world: ThreatWorld
let warehouse: WarehouseClient
/** The hands of somebody who has the credentials of extract-sheets, and nothing else. */
let thief: AwsClients
let rows: WarehouseRow[]

beforeAll(async () => {
  world = await startThreatWorld()
  const { snowflake, aws } = world.services
  for (const app of ['extract-s3', 'extract-sheets'] as const) {
    await world.launchWell(app, ['run', '--date', ordinaryDay])
  }
  await world.launchWell('loader-snowflake', ['migrate'])
  await world.launchWell('loader-snowflake', loading)
  const stolen = await appEnvironment('extract-sheets', world.services)
  thief = createAwsClients(aws.endpoint, {
    accessKeyId: stolen['AWS_ACCESS_KEY_ID'] ?? '',
    secretAccessKey: stolen['AWS_SECRET_ACCESS_KEY'] ?? '',
    sessionToken: stolen['AWS_SESSION_TOKEN'] ?? '',
  })
  warehouse = await connectWarehouse({
    account: snowflake.account,
    url: `http://${snowflake.host}:${snowflake.port}`,
    user: 'CX_ADMIN',
    privateKeyFile: snowflake.privateKeyFiles.CX_ADMIN,
    database: 'CORETELECOMS',
  })
  rows = await readAgents()
})
afterAll(async () => {
  thief.destroy()
  await warehouse.close()
  await world.stop()
})

function load(): Promise<Ended> {
  return world.launch('loader-snowflake', loading)
}

function readAgents(): Promise<WarehouseRow[]> {
  return warehouse.query('SELECT agent_id, full_name, experience, state FROM RAW.AGENTS ORDER BY agent_id')
}

async function get(key: string): Promise<Buffer> {
  const { Body } = await thief.s3.send(new GetObjectCommand({ Bucket: bucketNames.own, Key: key }))
  return Buffer.from((await Body?.transformToByteArray()) ?? [])
}

async function put(key: string, body: Buffer | string): Promise<void> {
  await thief.s3.send(new PutObjectCommand({ Bucket: bucketNames.own, Key: key, Body: Buffer.from(body) }))
}

const sha256 = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex')

async function readPublished(): Promise<{ current: Current; manifest: Manifest }> {
  const current = JSON.parse((await get(currentKey)).toString()) as Current
  return { current, manifest: JSON.parse((await get(current.manifest_key)).toString()) as Manifest }
}

/** Writes a manifest over the one that is published, and `current.json` to match: all that the credentials allow. */
async function forge(change: (manifest: Manifest) => object, currentChange: Partial<Current> = {}): Promise<void> {
  const { current, manifest } = await readPublished()
  const forged = JSON.stringify(change(manifest))
  await put(current.manifest_key, forged)
  await put(currentKey, JSON.stringify({ ...current, manifest_sha256: sha256(forged), ...currentChange }))
}

/** That the loader refuses what is published, and the warehouse holds what it held. */
async function expectRefused(code: string, message: RegExp): Promise<void> {
  const ended = await load()
  expect(ended.text).toMatch(message)
  expect(ended).toMatchObject({ exitCode: 2, codes: [code], added: [] })
  expect(await readAgents()).toEqual(rows)
}

// A run with --force gets over whatever was written, which is also what the runbook says.
beforeEach(async () => {
  await world.launchWell('extract-sheets', ['run', '--date', ordinaryDay, '--force'])
})

test('the warehouse has rows to lose', () => {
  expect(rows.length).toBeGreaterThan(50)
})

describe('somebody with the credentials of one app', () => {
  test('cannot write, read or list what another app lands', async () => {
    const other = (await world.keys()).find((key) => key.startsWith('raw/customers/')) ?? ''
    expect(other).not.toBe('')
    await expect(put('raw/customers/x', 'x')).rejects.toThrow(/AccessDenied|not authorized/i)
    await expect(put(other, 'x')).rejects.toThrow(/AccessDenied|not authorized/i)
    await expect(get(other)).rejects.toThrow(/AccessDenied|not authorized/i)
  })

  test('who changes a value in a part, its size kept, is found by the fingerprint', async () => {
    const { manifest } = await readPublished()
    const [part] = manifest.parts
    const original = await get(part!.key)
    const forged = await withChangedName(original)
    expect(forged.length).toBeLessThanOrEqual(original.length)
    await put(part!.key, padBeforeFooter(forged, original.length))
    await expectRefused('reconcile', /the fingerprint over its rows is another one/)
  })

  test('who changes a manifest is found by its checksum', async () => {
    const { current, manifest } = await readPublished()
    await put(current.manifest_key, JSON.stringify({ ...manifest, run_id: 'forged' }))
    await expectRefused('publication', /another one than was published/)
  })

  test('who makes a manifest name the parts of another dataset is refused', async () => {
    const stolen = (await world.keys()).find((key) => /^raw\/customers\/.*\.parquet$/.test(key)) ?? ''
    await forge((manifest) => ({ ...manifest, parts: manifest.parts.map((part) => ({ ...part, key: stolen })) }))
    await expectRefused('publication', /names a part that does not lie in its partition/)
  })

  test.each([
    ['dots', (key: string) => key.replace('load=', 'load=../../')],
    ['another day', (key: string) => key.replace(ordinaryDay, '2025-11-19')],
    ['a quote', (key: string) => key.replace('part-00000', "part-00000')) --")],
    ['its own current.json', () => currentKey],
  ])('who makes a manifest name a part with %s in its key is refused', async (_name, change) => {
    await forge((manifest) => ({
      ...manifest,
      parts: manifest.parts.map((part) => ({ ...part, key: change(part.key) })),
    }))
    await expectRefused('publication', /names a part that does not lie in its partition/)
  })

  test('who lists a part twice is refused', async () => {
    await forge((manifest) => ({
      ...manifest,
      parts: [...manifest.parts, ...manifest.parts],
      counts: {
        ...manifest.counts,
        read: manifest.counts.read + manifest.counts.landed,
        landed: 2 * manifest.counts.landed,
      },
    }))
    await expectRefused('publication', /names a part twice/)
  })

  test('who says that a manifest is of another dataset or day is refused', async () => {
    await forge((manifest) => ({ ...manifest, dataset: 'customers' }))
    await expectRefused('publication', /of another dataset or day/)
    await forge((manifest) => ({
      ...manifest,
      dataset: 'agents',
      partition: { ...manifest.partition, date: '2025-11-19' },
    }))
    await expectRefused('publication', /of another dataset or day/)
  })

  test('who makes current.json name a manifest elsewhere is refused', async () => {
    const elsewhere = (await world.keys()).find((key) => /^raw\/customers\/.*manifest\.json$/.test(key)) ?? ''
    await forge((manifest) => manifest, { manifest_key: elsewhere })
    await expectRefused('publication', /names a manifest of another partition/)
  })

  test.each(['__proto__', 'constructor', 'prototype', 'unknown'])(
    'who puts a key %s into current.json or a manifest changes no object and nothing that is loaded',
    async (name) => {
      const member = `${JSON.stringify(name)}:{"polluted":true}`
      const { current, manifest } = await readPublished()
      const forged = JSON.stringify(manifest)
        .replace('{', `{${member},`)
        .replace('"warnings":{', `"warnings":{${member},`)
      await put(current.manifest_key, forged.replace(',}', '}'))
      const pointer = JSON.stringify({ ...current, manifest_sha256: sha256(forged.replace(',}', '}')) })
      await put(currentKey, pointer.replace('{', `{${member},`))
      const ended = await load()
      expect(ended.added).toEqual([])
      expect(await readAgents()).toEqual(rows)
    },
  )
})

/** The part with the name of its first agent cut to one letter. */
async function withChangedName(original: Buffer): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'cx-forged-'))
  try {
    const [from, to] = [join(folder, 'original.parquet'), join(folder, 'forged.parquet')]
    await writeFile(from, original)
    const fields = partFields(agents)
    const name = fields.findIndex((field) => field.name === 'full_name')
    const parts: PartRow[] = []
    await readPart(from, (row) => parts.push(row))
    const writer = await createRecordWriter(to, fields)
    for (const [index, row] of parts.entries()) await writer.append(index === 0 ? row.with(name, 'x') : row)
    await writer.close()
    return await readFile(to)
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** A Parquet file made longer: what lies between its last column and its footer is read by nobody. */
function padBeforeFooter(file: Buffer, bytes: number): Buffer {
  const footerBytes = file.readUInt32LE(file.length - 8) + 8
  const footer = file.subarray(file.length - footerBytes)
  return Buffer.concat([file.subarray(0, file.length - footerBytes), Buffer.alloc(bytes - file.length), footer])
}
