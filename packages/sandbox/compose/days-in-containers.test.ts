import getPort from 'get-port'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectFigures } from '../e2e/platform/expect-figures.ts'
import { createAirflowApi } from '../src/airflow/api.ts'
import { dagNames, type DagRun, isFinal, listRuns, listTasks } from '../src/airflow/runs.ts'
import { readSourcesFolder } from '../src/world/read-sources-folder.ts'
import { expectedFigures } from '../src/world/truth/expected-figures.ts'
import { type ComposeProject, nameProject } from './project.ts'

let folder: string
let project: ComposeProject
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cx-compose-'))
  project = await nameProject({ name: 'cx-compose-test', port: await getPort() })
  // The images are there: the target builds them first.
  await project.compose('up', '--detach')
})
afterAll(async () => {
  await project.compose('down', '--volumes', '--timeout', '20')
  await rm(folder, { recursive: true, force: true })
})

/** Asks until every run has ended and models were built from all that is loaded. */
async function waitForRuns(password: string): Promise<Record<string, DagRun[]>> {
  const api = createAirflowApi(project.url, { username: 'admin', password })
  for (;;) {
    const runs = Object.fromEntries(
      await Promise.all(dagNames.map(async (dag) => [dag, await listRuns(api, dag)] as const)),
    ) as Record<(typeof dagNames)[number], DagRun[]>
    const hasAll = runs.ingest_daily.length === 3 && runs.ingest_static.length === 1
    const hasEnded = Object.values(runs)
      .flat()
      .every(({ state }) => isFinal(state))
    const last = runs.transform[0]
    if (hasAll && hasEnded && last) {
      const tasks = await listTasks(api, last)
      if (tasks.some(({ task_id: task, state }) => task === 'dbt' && state === 'success')) return runs
    }
    await wait(5_000)
  }
}

test('three days run in containers under the real scheduler and give the figures worked out from the files', async () => {
  const password = /as admin with (\S+)/.exec(await project.compose('logs', '--no-color', 'secrets'))?.[1]
  const { ingest_daily: daily = [], ingest_static: fixed = [] } = await waitForRuns(password ?? '')
  // Social media of the last day is the late one of this world, and its day is long past.
  expect(Object.fromEntries(daily.map((run) => [run.partition_key, run.state]))).toEqual({
    '2025-11-20': 'success',
    '2025-11-21': 'success',
    '2025-11-22': 'failed',
  })
  expect(fixed.map(({ state }) => state)).toEqual(['success'])

  await project.compose('stop', 'sandbox')
  await project.copy('sandbox', '/sandbox/.', folder)
  await expectFigures(folder, await expectedFigures(await readSourcesFolder(join(folder, 'world'))))
})
