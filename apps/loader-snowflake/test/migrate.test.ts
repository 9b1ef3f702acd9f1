import { agents, datasets, defineDataset } from '@coretelecoms/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { migrate, warehouseTables } from '../src/migrate.ts'
import { findTableDrift } from '../src/table-drift.ts'
import { createWorld, pseudonymKey, type World } from './world/world.ts'

let world: World

beforeAll(async () => {
  world = await createWorld('MIGRATIONS')
})

afterAll(() => world.close())

async function migrateTo(changed: ReturnType<typeof defineDataset>): Promise<string[]> {
  const changes: string[] = []
  await migrate({
    warehouse: world.warehouse,
    datasets: [changed],
    stage: { bucket: world.store.bucket, storageIntegration: 'CX_RAW_ZONE' },
    isDryRun: false,
    onChange: ({ text }) => changes.push(text),
  })
  return changes
}

test('a dry run says what it would make and makes nothing', async () => {
  const ended = await world.load(['migrate', '--dry-run'])
  expect(ended).toMatchObject({ exitCode: 0, problems: [] })
  expect(ended.stderr).toContain('would make table RAW.CALL_LOGS')
  const tables = await world.query("SELECT COUNT(*) AS n FROM INFORMATION_SCHEMA.TABLES WHERE table_schema = 'RAW'")
  expect(tables).toEqual([{ n: '0' }])
})

test('migrate makes schemas, tables, the stage, the locks and the key, and a second one changes nothing', async () => {
  expect(await world.load(['migrate'])).toMatchObject({ exitCode: 0, problems: [] })
  expect(await findTableDrift(world.warehouse, warehouseTables(datasets))).toEqual([])
  expect(await world.query('SELECT pseudonym_key FROM OPS.PSEUDONYM_KEY')).toEqual([{ pseudonym_key: pseudonymKey }])
  expect(await world.query('SELECT COUNT(*) AS n FROM OPS.LOAD_LOCK')).toEqual([{ n: String(datasets.length) }])
  const again = await world.load(['migrate'])
  expect(again).toMatchObject({ exitCode: 0, problems: [] })
  expect(again.stderr).not.toContain('make table')
  expect(await world.query('SELECT COUNT(*) AS n FROM OPS.LOAD_LOCK')).toEqual([{ n: String(datasets.length) }])
})

test('the pseudonym key is in no text that is written', async () => {
  const ended = await world.load(['migrate'])
  expect(ended.stderr).not.toContain(pseudonymKey)
  expect(JSON.stringify(ended.run)).not.toContain(pseudonymKey)
})

test('another pseudonym key is refused, and taken with --force', async () => {
  await world.query("UPDATE OPS.PSEUDONYM_KEY SET pseudonym_key = 'another key'")
  const refused = await world.load(['migrate'])
  expect(refused).toMatchObject({ exitCode: 2, run: { error: { code: 'pseudonym_key' } } })
  expect(await world.query('SELECT pseudonym_key FROM OPS.PSEUDONYM_KEY')).toEqual([{ pseudonym_key: 'another key' }])
  expect(await world.load(['migrate', '--force'])).toMatchObject({ exitCode: 0, problems: [] })
  expect(await world.query('SELECT pseudonym_key FROM OPS.PSEUDONYM_KEY')).toEqual([{ pseudonym_key: pseudonymKey }])
})

test('a column that the contract gains is added, and old rows have no value for it', async () => {
  const grown = defineDataset({
    ...agents,
    columns: [...agents.columns, { name: 'shift', type: 'string', required: true, description: "The agent's shift." }],
  })
  await world.query(
    "INSERT INTO RAW.AGENTS (agent_id, _loaded_at, _load_id, _source_uri, _source_row, _contract_version) VALUES (1, '2025-11-20', 'a', 'b', 1, 'c')",
  )
  expect(await migrateTo(grown)).toEqual(['add column RAW.AGENTS.shift'])
  expect(await world.query('SELECT agent_id, shift FROM RAW.AGENTS')).toEqual([{ agent_id: '1', shift: null }])
  expect(await migrateTo(grown)).toEqual([])
})

test('a column whose type changes is refused by name', async () => {
  const changed = defineDataset({
    ...agents,
    columns: agents.columns.map((column) => (column.name === 'agent_id' ? { ...column, type: 'string' } : column)),
  })
  await expect(migrateTo(changed)).rejects.toMatchObject({ exitCode: 2, code: 'column_type' })
  await expect(migrateTo(changed)).rejects.toThrow('RAW.AGENTS.agent_id is NUMBER(10,0), the contract wants VARCHAR')
})

test('a stage on another bucket is refused', async () => {
  const ended = await world.load(['migrate'], { CX_RAW_BUCKET: 'another-bucket' })
  expect(ended).toMatchObject({ exitCode: 2, run: { error: { code: 'stage_url' } } })
})
