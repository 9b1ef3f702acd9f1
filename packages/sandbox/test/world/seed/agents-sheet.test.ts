import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readSourcesFolder } from '../../../src/world/read-sources-folder.ts'
import { seedAgentsSheet } from '../../../src/world/seed/agents-sheet.ts'
import { readSpreadsheet } from '../../../src/services/sheets/spreadsheet.ts'
import { headers, smallSources } from '../small-sources.ts'
import { makeFolder, makeFolderOf, sourceSamples } from '../world-folder.ts'

test('the real agents become a spreadsheet that the Sheets server reads, ids partly numbers', async () => {
  const file = join(await makeFolder(), 'deep', 'sheet.json')
  await seedAgentsSheet(await readSourcesFolder(sourceSamples), { file, spreadsheetId: 'agents-1' })
  const spreadsheet = await readSpreadsheet(file)
  expect(spreadsheet).toMatchObject({ spreadsheetId: 'agents-1', title: 'CORETELECOMMS AGENTS' })
  expect(spreadsheet?.tabs).toHaveLength(1)
  expect(spreadsheet?.tabs[0]?.title).toBe('agents')
  expect(spreadsheet?.tabs[0]?.rows.slice(0, 3)).toEqual([
    ['iD', 'NamE', 'experience', 'state'],
    [1004, 'William Roman', 'intern', 'Utah'],
    ['1005', 'Leah Smith', 'Mid-level', 'West Virginia'],
  ])
})

test('an id that no number prints as stays text, and so does every other cell', async () => {
  const ids = ['01004', ' 1005', '1006.0', '1e3', '9007199254740993', '']
  // Every second row may hold a number: the even ones are passed over.
  const rows = ids.flatMap((id) => [`${id},7,12,3`, '2000,x,x,x'])
  const world = await readSourcesFolder(
    await makeFolderOf(smallSources({ 'agents.csv': `${headers.agents}\n${rows.join('\n')}\n` })),
  )
  const file = join(await makeFolder(), 'sheet.json')
  await seedAgentsSheet(world, { file, spreadsheetId: 'agents-1' })
  const cells = (await readSpreadsheet(file))?.tabs[0]?.rows ?? []
  expect(cells.filter((_, row) => row % 2 === 1)).toEqual(ids.map((id) => [id, '7', '12', '3']))
})

test('a second time the file stays as it is', async () => {
  const world = await readSourcesFolder(sourceSamples)
  const file = join(await makeFolder(), 'sheet.json')
  const outcomes: unknown[] = []
  const seed = () =>
    seedAgentsSheet(world, { file, spreadsheetId: 's' }, { onProgress: ({ outcome }) => outcomes.push(outcome) })
  await seed()
  const before = await readFile(file, 'utf8')
  await seed()
  expect(outcomes).toEqual(['written', 'unchanged'])
  expect(await readFile(file, 'utf8')).toBe(before)
})

test('a row that is no text is refused by file and row', async () => {
  const bytes = Buffer.from(`${headers.agents}\n1004,Ren\xe9,intern,Utah\n`, 'latin1')
  const world = await readSourcesFolder(await makeFolderOf(smallSources({ 'agents.csv': bytes })))
  const target = { file: join(await makeFolder(), 'sheet.json'), spreadsheetId: 's' }
  await expect(seedAgentsSheet(world, target)).rejects.toThrow(/agents\.csv: row 1 has invalid_text/)
})
