import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectedFigures } from '../../src/world/truth/expected-figures.ts'
import { readSourcesFolder } from '../../src/world/read-sources-folder.ts'
import { expectFigures } from './expect-figures.ts'
import { type StartedRun, startRun } from './start-run.ts'
import { queryWarehouse } from './warehouse-file.ts'

const flags = ['--scale', '0.002', '--seed', '7']

let sandbox: string
let first: StartedRun
beforeAll(async () => {
  sandbox = await mkdtemp(join(tmpdir(), 'cx-e2e-'))
  first = await startRun(sandbox, [...flags, '--days', '2'])
})
afterAll(() => rm(sandbox, { recursive: true, force: true }))

/** Every object of the local S3 with its size and time, and every table of the warehouse with its rows and a hash. */
async function takeInventory(): Promise<Record<string, string>> {
  const inventory: Record<string, string> = {}
  const objects = join(sandbox, 'data', 'aws')
  for (const entry of await readdir(objects, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (!entry.isFile() || !path.includes('coretelecoms-raw-zone')) continue
    const { size, mtimeMs } = await stat(path)
    inventory[path] = `${size} ${mtimeMs}`
  }
  const tables = await queryWarehouse(
    sandbox,
    `SELECT table_schema AS s, table_name AS t FROM information_schema.tables WHERE table_type = 'BASE TABLE' AND table_schema NOT LIKE '\\_%' ESCAPE '\\'`,
  )
  for (const { s, t } of tables) {
    const name = `"${String(s)}"."${String(t)}"`
    const [row] = await queryWarehouse(sandbox, `SELECT count(*) AS n, sum(hash(x))::VARCHAR AS h FROM ${name} AS x`)
    inventory[name] = JSON.stringify(row)
  }
  return inventory
}

describe('a generated world', () => {
  test('ends with exit 0, every line in balance and a late day that is declared', () => {
    expect(first).toMatchObject({ exitCode: 0 })
    expect(first.stdout).toContain('every line balances')
    expect(first.stdout).toMatch(/social_media +2025-11-21 +not delivered yet/)
    expect(first.stdout).not.toContain('DOES NOT BALANCE')
  })

  test('has the figures that are worked out from its files outside the platform', async () => {
    await expectFigures(sandbox, await expectedFigures(await readSourcesFolder(join(sandbox, 'world'))))
  })

  test('leaves one file that another DuckDB opens read-only, with all schemas and views that can be read', async () => {
    const schemas = await queryWarehouse(
      sandbox,
      `SELECT DISTINCT lower(table_schema) AS name FROM information_schema.tables`,
    )
    expect(schemas.map((row) => row['name'])).toEqual(
      expect.arrayContaining(['raw', 'ops', 'staging', 'intermediate', 'marts', 'snapshots']),
    )
    const [staged] = await queryWarehouse(sandbox, 'SELECT count(*) AS n FROM staging.stg_call_logs')
    expect(staged?.['n']).toBeGreaterThan(0)
  })

  test('keeps personal data out of the marts', async () => {
    const columns = await queryWarehouse(
      sandbox,
      `SELECT lower(column_name) AS name FROM information_schema.columns WHERE table_schema ILIKE 'marts'`,
    )
    const names = columns.map((row) => String(row['name']))
    expect(names.length).toBeGreaterThan(50)
    for (const clear of [
      'full_name',
      'email',
      'address',
      'birth_date',
      'customer_id',
      'complaint_id',
      'call_id',
      'request_id',
    ]) {
      expect(names).not.toContain(clear)
    }
  })

  test('says unchanged a second time, and no object and no row is written', async () => {
    const before = await takeInventory()
    expect(Object.keys(before).length).toBeGreaterThan(20)
    const second = await startRun(sandbox, [...flags, '--days', '2'])
    expect(second.exitCode).toBe(0)
    expect(second.stdout).not.toMatch(/ balanced$/m)
    expect(second.stdout.match(/ unchanged$/gm)).toHaveLength(7)
    expect(await takeInventory()).toEqual(before)
  })

  test('goes on with one day more, and the late delivery comes in', async () => {
    const third = await startRun(sandbox, [...flags, '--days', '3'])
    expect(third.exitCode).toBe(0)
    expect(third.stdout).toMatch(/social_media +2025-11-21 .* balanced$/m)
    expect(third.stdout).toMatch(/call_logs +2025-11-20 .* unchanged$/m)
    await expectFigures(sandbox, await expectedFigures(await readSourcesFolder(join(sandbox, 'world'))))
  })
})
