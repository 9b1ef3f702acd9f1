import { cp, mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readSourcesFolder } from '../../src/world/read-sources-folder.ts'
import { fingerprintWorld } from '../../src/world/world.ts'
import { headers, smallSources } from './small-sources.ts'
import { makeFolder, makeFolderOf, sourceSamples } from './world-folder.ts'

test('the real samples are five files of one day', async () => {
  const world = await readSourcesFolder(sourceSamples)
  expect(world.kind).toBe('folder')
  expect(world.days).toEqual(['2025-11-20'])
  expect(world.files.map(({ dataset, day, bytes }) => [dataset, day, bytes])).toEqual([
    ['customers', undefined, 1555],
    ['agents', undefined, 414],
    ['call_logs', '2025-11-20', 1890],
    ['social_media', '2025-11-20', 2398],
    ['web_forms', '2025-11-20', 1717],
  ])
  expect(world.undelivered).toEqual([])
})

test('files are found at any depth and in any case, and others are ignored', async () => {
  const files = smallSources({ 'notes.txt': 'no source', 'more/old_agents.csv': 'no source either' })
  const folder = await makeFolderOf({
    ...Object.fromEntries(Object.entries(files).map(([name, text]) => [`a/b/${name.toUpperCase()}`, text])),
    'a/web/Web_Form_Request_2025_11_21.CSV': `${headers.webForms}\n`,
  })
  const world = await readSourcesFolder(folder)
  expect(world.days).toEqual(['2025-11-20', '2025-11-21'])
  expect(world.files.map(({ dataset }) => dataset)).toEqual(['customers', 'agents', 'call_logs', 'web_forms'])
  expect(world.undelivered).toEqual([
    { dataset: 'social_media', day: '2025-11-20' },
    { dataset: 'web_forms', day: '2025-11-20' },
    { dataset: 'call_logs', day: '2025-11-21' },
    { dataset: 'social_media', day: '2025-11-21' },
  ])
})

test('a linked file counts as the file it leads to', async () => {
  const folder = await makeFolderOf({ ...smallSources() })
  const real = await makeFolderOf({ 'w.csv': `${headers.webForms}\n` })
  await symlink(join(real, 'w.csv'), join(folder, 'web_form_request_2025_11_20.csv'))
  expect((await readSourcesFolder(folder)).files.map(({ dataset }) => dataset)).toContain('web_forms')
})

test('a copy of a folder is the same world, and one changed byte makes another', async () => {
  const folder = await makeFolderOf(smallSources())
  const copy = await makeFolder()
  await cp(folder, join(copy, 'deeper'), { recursive: true })
  const changed = await makeFolderOf(
    smallSources({ 'agents.csv': `${headers.agents}\n1004,William Roman,Junior,Utah\n` }),
  )
  const [first, second, third] = await Promise.all(
    [folder, copy, changed].map(async (path) => fingerprintWorld(await readSourcesFolder(path))),
  )
  expect(second).toBe(first)
  expect(third).not.toBe(first)
})

test('a folder that does not exist is refused by its path', async () => {
  await expect(readSourcesFolder('/no/such/folder')).rejects.toThrow(
    'sources folder /no/such/folder: cannot be opened; give an existing folder',
  )
})

test('a file in place of the folder is refused', async () => {
  await expect(readSourcesFolder(join(sourceSamples, 'agents.csv'))).rejects.toThrow(
    'is a file; give the folder it is in',
  )
})

test('a folder without a source is refused with the names that were looked for', async () => {
  const folder = await makeFolder()
  await mkdir(join(folder, 'empty'))
  await expect(readSourcesFolder(folder)).rejects.toThrow(
    /holds no file of a source; looked at any depth for customers_dataset\.csv, agents\.csv, call_logs_day_YYYY-MM-DD\.csv/,
  )
})

test('every fault of a folder is named at once', async () => {
  const folder = await makeFolderOf({
    'call_logs_day_2025-11-20.csv': '',
    'again/Call_logs_day_2025-11-20.csv': '',
    'web_form_request_2025_02_30.csv': '',
    'customers_dataset.csv': '',
  })
  const message = await readSourcesFolder(folder).then(
    () => '',
    (error: unknown) => String(error),
  )
  expect(message).toContain('are both call_logs of 2025-11-20; keep one of them')
  expect(message).toContain('names a day that does not exist (2025-02-30)')
  expect(message).toContain('agents.csv (agents) is missing')
  expect(message).not.toContain('customers_dataset.csv (customers) is missing')
})

test('a folder without a daily file is refused', async () => {
  const folder = await makeFolderOf({ 'customers_dataset.csv': '', 'agents.csv': '' })
  await expect(readSourcesFolder(folder)).rejects.toThrow('holds no daily file, so there is no day to run')
})
