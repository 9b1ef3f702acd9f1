import type { Sql } from 'postgres'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPostgresClient, schemaName } from '../../../src/services/postgres/database.ts'
import { type PostgresService, startPostgres } from '../../../src/services/postgres/start.ts'
import { readCsvRecords } from '../../../src/world/csv/csv-records.ts'
import { readSourcesFolder } from '../../../src/world/read-sources-folder.ts'
import { seedWebFormTables } from '../../../src/world/seed/web-form-tables.ts'
import type { World } from '../../../src/world/world.ts'
import { writeWorld } from '../../../src/world/write-world.ts'
import { headers, smallSources } from '../small-sources.ts'
import { makeFolder, makeFolderOf, sourceSamples } from '../world-folder.ts'

let sandboxDirectory: string
let service: PostgresService
let owner: Sql
let reader: Sql

beforeAll(async () => {
  sandboxDirectory = await mkdtemp(join(tmpdir(), 'cx-web-forms-'))
  service = await startPostgres({ sandboxDirectory })
  owner = createPostgresClient(service.owner)
  reader = createPostgresClient(service.reader)
})

afterAll(async () => {
  await Promise.all([owner, reader].map((client) => client.end()))
  await service.stop()
  await rm(sandboxDirectory, { recursive: true, force: true })
})

beforeEach(async () => {
  for (const table of await tables()) await owner`drop table ${owner(schemaName)}.${owner(table)}`
})

async function seed(world: World): Promise<string[]> {
  const outcomes: string[] = []
  const onProgress = ({ item, outcome }: { item: string; outcome?: string }) => outcomes.push(`${item} ${outcome}`)
  await seedWebFormTables(world, { sql: owner, schema: schemaName }, { onProgress })
  return outcomes
}

async function tables(): Promise<string[]> {
  const rows = await owner<{ name: string }[]>`
    select table_name as name from information_schema.tables where table_schema = ${schemaName} order by 1`
  return rows.map(({ name }) => name)
}

async function cells(table: string): Promise<(string | null)[][]> {
  const rows = await reader`select * from ${reader(schemaName)}.${reader(table)} order by ctid`.values()
  return rows.map((row) => Array.from(row as Iterable<string | null>))
}

async function worldOf(webForms: string | Buffer): Promise<World> {
  return readSourcesFolder(await makeFolderOf(smallSources({ 'web_form_request_2025_11_20.csv': webForms })))
}

test('a table has text columns under the headers of the file and its values in its order, for the reader too', async () => {
  const world = await readSourcesFolder(sourceSamples)
  expect(await seed(world)).toEqual(['web_form_request_2025_11_20 written'])
  const [header, ...rows] = await Array.fromAsync(readCsvRecords(world.files.at(-1)?.path ?? ''))
  const columns = await owner<{ name: string; type: string }[]>`
    select column_name as name, data_type as type from information_schema.columns
    where table_schema = ${schemaName} order by ordinal_position`
  expect(columns.map(({ name }) => name)).toEqual(header?.fields)
  expect(new Set(columns.map(({ type }) => type))).toEqual(new Set(['text']))
  expect(await cells('web_form_request_2025_11_20')).toEqual(rows.map(({ fields }) => fields))
})

test('what Postgres would read in its own way arrives byte for byte, and an empty field as the empty text', async () => {
  const values = ['', '""', '\\N', '\\.', '5" pipe', ' x ', '"a\nb"', '"a,""b"""', 'NULL', 'é🌻', '\\']
  const lines = values.map((value) => `${value},r,,,,,,,2025-11-20`)
  await seed(await worldOf(`${headers.webForms}\n${lines.join('\n')}\n`))
  const first = (await cells('web_form_request_2025_11_20')).map(([value]) => value)
  expect(first).toEqual(['', '', '\\N', '\\.', '5" pipe', ' x ', 'a\nb', 'a,"b"', 'NULL', 'é🌻', '\\'])
  expect((await cells('web_form_request_2025_11_20'))[0]?.[2]).toBe('')
})

test('a second time nothing is written, and only a changed day is written again', async () => {
  const folder = join(await makeFolder(), 'w')
  const world = await writeWorld({ folder, days: 2, scale: 0.0001 })
  await seed(world)
  const oid = async (table: string) =>
    (await owner`select ${`${schemaName}.${table}`}::regclass::oid as oid`)[0]?.['oid'] as number
  const before = await oid('web_form_request_2025_11_20')
  expect(await seed(world)).toEqual(['web_form_request_2025_11_20 unchanged', 'web_form_request_2025_11_21 unchanged'])
  expect(await oid('web_form_request_2025_11_20')).toBe(before)
  const other = await writeWorld({ folder: join(await makeFolder(), 'w'), days: 2, scale: 0.0001, seed: 2 })
  const mixed = { ...world, files: [...world.files.slice(0, -1), ...other.files.slice(-1)] }
  expect(await seed(mixed)).toEqual(['web_form_request_2025_11_20 unchanged', 'web_form_request_2025_11_21 written'])
})

test('tables of days that the world does not have are dropped, and other tables stay', async () => {
  const world = await writeWorld({ folder: join(await makeFolder(), 'w'), days: 2, scale: 0.0001 })
  await seed(world)
  await owner`create table ${owner(schemaName)}.notes (line text)`
  expect(await seed(await readSourcesFolder(sourceSamples))).toEqual([
    'web_form_request_2025_11_20 written',
    'web_form_request_2025_11_21 removed',
  ])
  expect(await tables()).toEqual(['notes', 'web_form_request_2025_11_20'])
})

test('a ragged row and an invalid byte are refused by file and row, and the table of before stays', async () => {
  await seed(await readSourcesFolder(sourceSamples))
  const before = await cells('web_form_request_2025_11_20')
  const ragged = await worldOf(`${headers.webForms}\n0,a,b,c,d,e,f,,g\n\n1,a,b\n`)
  await expect(seed(ragged)).rejects.toThrow(
    /web_form_request_2025_11_20\.csv: row 2 has 3 fields where the header has 9/,
  )
  const invalid = await worldOf(Buffer.from(`${headers.webForms}\n0,a,b,\xe9,d,e,f,,g\n`, 'latin1'))
  await expect(seed(invalid)).rejects.toThrow(/row 1 has invalid_text/)
  expect(await cells('web_form_request_2025_11_20')).toEqual(before)
})

test.each([
  ['no name', `,${headers.webForms}\n`],
  ['a name twice', `a,${headers.webForms},a\n`],
  ['a name longer than Postgres keeps', `${'x'.repeat(64)}\n`],
])('a header with %s is refused', async (_, text) => {
  await expect(seed(await worldOf(text))).rejects.toThrow('cannot name a column of a table')
})

test('a file without a header is refused', async () => {
  await expect(seed(await worldOf(''))).rejects.toThrow('has no header that can be read')
})
