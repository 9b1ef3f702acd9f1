import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readWorldRecord } from '../../src/world/world-record.ts'
import { fingerprintWorld } from '../../src/world/world.ts'
import { openGeneratedWorld, writeWorld } from '../../src/world/write-world.ts'
import { makeFolder, sourceSamples } from './world-folder.ts'

const small = { seed: 7, days: 2, scale: 0.0001 }

test('the same options give the same bytes, and another seed gives others', async () => {
  const folder = await makeFolder()
  const first = await writeWorld({ folder: join(folder, 'first'), ...small })
  const second = await writeWorld({ folder: join(folder, 'second'), ...small })
  const third = await writeWorld({ folder: join(folder, 'third'), ...small, seed: 8 })
  expect(fingerprintWorld(second)).toBe(fingerprintWorld(first))
  expect(third.files.every((file, index) => file.sha256 !== first.files[index]?.sha256)).toBe(true)
})

test('the last of several days has no social media yet', async () => {
  const folder = await makeFolder()
  const world = await writeWorld({ folder: join(folder, 'w'), ...small })
  expect(world.kind).toBe('generated')
  expect(world.days).toEqual(['2025-11-20', '2025-11-21'])
  expect(world.undelivered).toEqual([{ dataset: 'social_media', day: '2025-11-21' }])
  const alone = await writeWorld({ folder: join(folder, 'alone'), ...small, days: 1 })
  expect(alone.undelivered).toEqual([])
})

test('a longer world starts with the days of the shorter one', async () => {
  const folder = await makeFolder()
  const two = await writeWorld({ folder: join(folder, 'two'), ...small })
  const three = await writeWorld({ folder: join(folder, 'three'), ...small, days: 3 })
  const bytes = new Map(three.files.map((file) => [file.name, file.sha256]))
  expect(two.files.map(({ name, sha256 }) => bytes.get(name) === sha256)).toEqual(two.files.map(() => true))
})

test('every file has the headers of the real source, in its spelling and order', async () => {
  const world = await writeWorld({ folder: join(await makeFolder(), 'w'), ...small, days: 1 })
  expect(world.files).toHaveLength(5)
  for (const { name, path } of world.files) {
    const [sample, made] = await Promise.all([join(sourceSamples, name), path].map((file) => readFile(file, 'utf8')))
    expect(headerOf(made ?? '', name)).toEqual(headerOf(sample ?? '', name))
  }
})

function headerOf(text: string, name: string): string | string[] {
  return name.endsWith('.json') ? Object.keys(JSON.parse(text) as object) : (text.split('\n')[0] ?? '')
}

test('a folder that holds the world already is left alone, and a damaged one is made anew', async () => {
  const folder = join(await makeFolder(), 'w')
  const seen: string[] = []
  const write = () => writeWorld({ folder, ...small, onProgress: ({ item }) => seen.push(item) })
  const first = await write()
  expect(seen).toContain('agents.csv')
  seen.length = 0
  const again = await write()
  expect(again).toEqual(first)
  expect(seen).toEqual([])
  await writeFile(join(folder, 'agents.csv'), 'iD\n1\n')
  expect(await openGeneratedWorld(folder, small)).toBeUndefined()
  expect(fingerprintWorld(await write())).toBe(fingerprintWorld(first))
})

test('a folder with anything else in it is never touched', async () => {
  const folder = await makeFolder()
  await writeFile(join(folder, 'thesis.txt'), 'three years of work')
  await expect(writeWorld({ folder, ...small })).rejects.toThrow('holds files that are not a generated world')
  expect(await readdir(folder)).toEqual(['thesis.txt'])
})

test('an aborted run leaves nothing behind', async () => {
  const parent = await makeFolder()
  const controller = new AbortController()
  const onProgress = () => controller.abort(new Error('stopped'))
  const written = writeWorld({ folder: join(parent, 'w'), ...small, onProgress, signal: controller.signal })
  await expect(written).rejects.toThrow('stopped')
  expect(await readdir(parent)).toEqual([])
})

test('options out of range are all named at once', async () => {
  const folder = join(await makeFolder(), 'w')
  await expect(writeWorld({ folder, seed: -1, days: 0, scale: 2, firstDay: '2025-02-30' })).rejects.toThrow(
    /seed is .*; days is .*; scale is .*; firstDay is /,
  )
})

test('less than half a percent of a delivery is bad, and every source holds something bad', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(0xffff_ffff), fc.integer({ min: 1, max: 3 }), async (seed, days) => {
      const folder = join(await makeFolder(), 'w')
      await writeWorld({ folder, seed, days, scale: 0.0004 })
      const record = await readWorldRecord(folder)
      expect(record?.declared).toHaveLength(2 + 3 * days - (days > 1 ? 1 : 0))
      for (const { dataset, rows, quarantined } of record?.declared ?? []) {
        const bad = Object.values(quarantined).reduce((sum, count) => sum + count, 0)
        expect(bad).toBeGreaterThan(0)
        expect(bad / rows).toBeLessThan(dataset === 'agents' ? 0.01 : 0.005)
      }
    }),
    { numRuns: 5 },
  )
})
