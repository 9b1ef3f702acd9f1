import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { repositoryRoot } from '../../../src/platform/repository.ts'
import { ensurePythonEnvironment } from '../../../src/python/environment.ts'
import { type AwsService, startAws } from '../../../src/services/aws/start.ts'
import { bucketNames } from '../../../src/services/aws/topology.ts'
import { readSourcesFolder } from '../../../src/world/read-sources-folder.ts'
import { type ObjectTarget, seedSourceObjects, sourceKey } from '../../../src/world/seed/source-objects.ts'
import type { World } from '../../../src/world/world.ts'
import { writeWorld } from '../../../src/world/write-world.ts'
import { makeFolder, sourceSamples } from '../world-folder.ts'

let sandboxDirectory: string
let service: AwsService
let target: ObjectTarget

beforeAll(async () => {
  sandboxDirectory = await mkdtemp(join(tmpdir(), 'cx-objects-'))
  const { python } = await ensurePythonEnvironment({ name: 'aws', root: repositoryRoot })
  service = await startAws({ sandboxDirectory, python })
  target = { s3: service.administrators.source.clients.s3, bucket: bucketNames.source }
})

afterAll(async () => {
  await service.stop()
  await rm(sandboxDirectory, { recursive: true, force: true })
})

async function seed(world: World): Promise<string[]> {
  const outcomes: string[] = []
  await seedSourceObjects(world, target, {
    onProgress: ({ item, outcome }) => {
      if (outcome) outcomes.push(`${item} ${outcome}`)
    },
  })
  return outcomes
}

async function keys(): Promise<string[]> {
  const { Contents = [] } = await target.s3.send(new ListObjectsV2Command({ Bucket: target.bucket }))
  return Contents.flatMap(({ Key }) => Key ?? [])
}

const sampleKeys = [
  'customers/customers_dataset.csv',
  'call logs/call_logs_day_2025-11-20.csv',
  'social_medias/media_complaint_day_2025-11-20.json',
]

test('objects lie under the keys of the source, byte for byte, and a second time nothing is written', async () => {
  const world = await readSourcesFolder(sourceSamples)
  expect(await seed(world)).toEqual(sampleKeys.map((key) => `${key} written`))
  for (const file of world.files) {
    const key = sourceKey(file)
    if (key === undefined) continue
    const { Body } = await target.s3.send(new GetObjectCommand({ Bucket: target.bucket, Key: key }))
    expect(Buffer.from((await Body?.transformToByteArray()) ?? []).equals(await readFile(file.path))).toBe(true)
  }
  expect(await seed(world)).toEqual(sampleKeys.map((key) => `${key} unchanged`))
})

test('objects of days that the world does not have are removed, and other folders stay', async () => {
  await target.s3.send(new PutObjectCommand({ Bucket: target.bucket, Key: 'notes/a.txt', Body: 'ours' }))
  await seed(await writeWorld({ folder: join(await makeFolder(), 'w'), days: 2, scale: 0.0001 }))
  expect(await seed(await readSourcesFolder(sourceSamples))).toEqual([
    ...sampleKeys.map((key) => `${key} written`),
    'call logs/call_logs_day_2025-11-21.csv removed',
  ])
  expect(await keys()).toEqual([...sampleKeys, 'notes/a.txt'].sort())
})
