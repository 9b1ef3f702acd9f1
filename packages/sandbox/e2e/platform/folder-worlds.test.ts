import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectedFigures } from '../../src/world/truth/expected-figures.ts'
import { readSourcesFolder } from '../../src/world/read-sources-folder.ts'
import { hostileDays, hostileTruth, writeHostileWorld } from '../worlds/hostile-world.ts'
import { expectFigures } from './expect-figures.ts'
import { type StartedRun, startRun } from './start-run.ts'
import { queryPairs, queryWarehouse } from './warehouse-file.ts'

const samples = fileURLToPath(new URL('../source-samples', import.meta.url))

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cx-e2e-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('the real samples', () => {
  let sandbox: string
  let run: StartedRun
  beforeAll(async () => {
    sandbox = join(folder, 'samples')
    run = await startRun(sandbox, ['--sources', samples])
  })

  test('balance, and complaints without their customers stay in the facts', async () => {
    expect(run.exitCode).toBe(0)
    const [facts] = await queryWarehouse(
      sandbox,
      `SELECT count(*) AS complaints, count(*) FILTER (is_resolved) AS resolved, count(*) FILTER (is_customer_unknown) AS orphans,
              count(*) FILTER (is_agent_unknown) AS agentless, round(median(resolution_hours), 4) AS hours
       FROM marts.fct_complaint`,
    )
    // Counted by hand in the five files.
    expect(facts).toEqual({ complaints: 30, resolved: 5, orphans: 30, agentless: 28, hours: 291.4167 })
  })

  test('have the figures that are worked out outside the platform', async () => {
    await expectFigures(sandbox, await expectedFigures(await readSourcesFolder(samples)))
  })
})

describe('three days of hostile deliveries', () => {
  let sandbox: string
  let world: string
  let run: StartedRun
  beforeAll(async () => {
    world = join(folder, 'hostile-world')
    sandbox = join(folder, 'hostile')
    await writeHostileWorld(world)
    run = await startRun(sandbox, ['--sources', world])
  })

  test('end with exit 0', () => {
    expect(run).toMatchObject({ exitCode: 0 })
  })

  test('are counted as they were made', async () => {
    const lines = await queryPairs(
      sandbox,
      `SELECT dataset || ' ' || partition_date, source_rows * 10000 + quarantined_rows FROM marts.mart_reconciliation`,
    )
    const expected: Record<string, number> = {
      [`customers ${hostileDays[0]}`]: hostileTruth.customers.source * 10_000 + hostileTruth.customers.quarantined,
      [`agents ${hostileDays[0]}`]: hostileTruth.agents.source * 10_000 + hostileTruth.agents.quarantined,
    }
    for (const day of hostileDays) {
      for (const dataset of ['call_logs', 'social_media', 'web_forms']) {
        expected[`${dataset} ${day}`] = hostileTruth.rowsADay * 10_000 + hostileTruth.quarantinedADay
      }
    }
    expect(lines).toEqual(expected)
    const regions = await queryPairs(
      sandbox,
      `SELECT region_type, count(*) FROM marts.dim_customer WHERE is_current AND region_type IS NOT NULL GROUP BY 1`,
    )
    const { military, territories: territory } = hostileTruth.customers
    expect(regions).toMatchObject({ military, territory })
  })

  test('have the figures that are worked out outside the platform', async () => {
    await expectFigures(sandbox, await expectedFigures(await readSourcesFolder(world)))
  })

  test('count a complaint that is delivered again once, in its latest state', async () => {
    const again = hostileTruth.redeliveredADay * (hostileDays.length - 1) * 3
    const landed = (hostileTruth.rowsADay - hostileTruth.quarantinedADay) * hostileDays.length * 3
    const [facts] = await queryWarehouse(sandbox, 'SELECT count(*) AS n FROM marts.fct_complaint')
    expect(facts).toEqual({ n: landed - again })
  })
})

describe('a folder with faults', () => {
  async function copySamples(name: string): Promise<string> {
    const target = join(folder, name)
    await cp(samples, target, { recursive: true })
    return target
  }

  /** A second day of calls, which the other sources do not have. */
  async function addDay(world: string): Promise<void> {
    const calls = await readFile(join(world, 'call_logs_day_2025-11-20.csv'), 'utf8')
    const nextDay = calls.replaceAll('2025-11-20\n', '2025-11-21\n').replaceAll(/\n(\d+),/g, '\n$1,n')
    await writeFile(join(world, 'call_logs_day_2025-11-21.csv'), nextDay)
  }

  test('too many bad rows and a wrong header are exit 2, a day that one source lacks is exit 3, the rest is published', async () => {
    const world = await copySamples('bad')
    await addDay(world)
    const calls = join(world, 'call_logs_day_2025-11-20.csv')
    await writeFile(calls, (await readFile(calls, 'utf8')).replace('Payments,1021', 'Payments,01021'))
    const sheet = join(world, 'agents.csv')
    await writeFile(sheet, (await readFile(sheet, 'utf8')).replace('experience', 'grade'))
    const sandbox = join(folder, 'bad-sandbox')
    const refused = await startRun(sandbox, ['--sources', world])
    expect(refused.exitCode).toBe(2)
    expect(refused.stdout).toMatch(/call_logs +2025-11-20 +refused: quarantined_ratio/)
    expect(refused.stdout).toMatch(/agents +2025-11-20 +refused: header/)
    expect(refused.stdout).toMatch(/web_forms +2025-11-20 .* balanced/)
    const log = await queryWarehouse(
      sandbox,
      `SELECT dataset, error_code FROM ops.run_log WHERE status = 'failed' ORDER BY dataset`,
    )
    expect(log.map((row) => Object.values(row))).toEqual([
      // The sheet is asked for each day anew.
      ['agents', 'header'],
      ['agents', 'header'],
      ['call_logs', 'quarantined_ratio'],
    ])

    await writeFile(sheet, (await readFile(sheet, 'utf8')).replace('grade', 'experience'))
    const allowed = await startRun(sandbox, ['--sources', world, '--allow-quarantined'])
    expect(allowed.exitCode).toBe(3)
    expect(allowed.stdout).toMatch(/call_logs +2025-11-21 .* unchanged/)
    expect(allowed.stdout).toMatch(/web_forms +2025-11-21 +not delivered yet/)
    expect(allowed.stdout).toMatch(/call_logs +2025-11-20 +10 +9 +1 .* balanced/)
  })
})
