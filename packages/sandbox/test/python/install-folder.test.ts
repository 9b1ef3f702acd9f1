import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { installFolder } from '../../src/python/install-folder.ts'

let home: string
let folder: string
let lock: string

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'install-'))
  folder = join(home, 'environments', 'one')
  lock = join(home, 'lock.txt')
  await writeFile(lock, 'first')
})

test('a missing folder is filled, and not again while its lock stays the same', async () => {
  expect(await install('content')).toBe(true)
  expect(await install('other')).toBe(false)
  expect(await content()).toBe('content')
})

test('a changed lock fills the folder anew', async () => {
  await install('content')
  await writeFile(lock, 'second')
  expect(await install('newer')).toBe(true)
  expect(await content()).toBe('newer')
})

test('a folder that somebody left half made is made again', async () => {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'content.txt'), 'half')
  expect(await install('whole')).toBe(true)
  expect(await content()).toBe('whole')
})

test('a failure leaves the old folder and nothing beside it', async () => {
  await install('old')
  await writeFile(lock, 'second')
  const failure = installFolder({
    folder,
    lockFiles: [lock],
    fill: async (target) => {
      await mkdir(target)
      throw new Error('no network')
    },
  })
  await expect(failure).rejects.toThrow('no network')
  expect(await content()).toBe('old')
  expect(await readdir(join(home, 'environments'))).toEqual(['one'])
})

test('of two that fill it at once one wins whole', async () => {
  const outcomes = await Promise.all([install('first'), install('second')])
  expect(outcomes).toEqual([true, true])
  expect(await content()).toMatch(/^(first|second)$/)
  expect(await readdir(join(home, 'environments'))).toEqual(['one'])
})

function install(text: string): Promise<boolean> {
  return installFolder({
    folder,
    lockFiles: [lock],
    fill: async (target) => {
      await mkdir(target)
      await writeFile(join(target, 'content.txt'), text)
    },
  })
}

function content(): Promise<string> {
  return readFile(join(folder, 'content.txt'), 'utf8')
}
