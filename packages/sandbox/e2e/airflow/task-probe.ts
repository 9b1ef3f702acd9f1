import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import type { AirflowApi } from '../../src/airflow/api.ts'
import { type DagRun, isFinal, listRuns, listTasks } from '../../src/airflow/runs.ts'

const taskSchema = z.object({ state: z.string().nullable(), try_number: z.number(), max_tries: z.number() })

/** A task as the REST API tells it. */
export type Task = z.infer<typeof taskSchema>

/** A task of a run. */
export interface TaskName {
  readonly run: DagRun
  readonly task: string
}

/** Looks at tasks through Airflow's REST API, as the page does. */
export interface TaskProbe {
  /** The run of a partition; waits until there is one. */
  findRun(dag: string, partition: string): Promise<DagRun>
  /** Waits until the run has ended and returns its state. */
  awaitRun(run: DagRun): Promise<string>
  awaitState(name: TaskName, state: string): Promise<Task>
  read(name: TaskName): Promise<Task>
  /** States of all tasks of a run. */
  states(run: DagRun): Promise<Record<string, string | null>>
  /** What stands in the log of a try. */
  log(name: TaskName, tryNumber: number): Promise<string>
  /** The result that the step left. */
  result(name: TaskName): Promise<unknown>
  /** Runs it once more, and what comes after it if that is asked. */
  clear(name: TaskName, options?: { downstream?: boolean }): Promise<void>
}

const pollMs = 500
const timeoutMs = 150_000
const logSchema = z.object({ content: z.array(z.unknown()) })
const resultSchema = z.object({ value: z.unknown() })

/** Makes a probe. What does not come in time is an error that says what was there instead. */
export function createTaskProbe(api: AirflowApi): TaskProbe {
  const runPath = (run: DagRun): string => `dags/${run.dag_id}/dagRuns/${encodeURIComponent(run.dag_run_id)}`
  const taskPath = ({ run, task }: TaskName): string => `${runPath(run)}/taskInstances/${task}`
  const probe: TaskProbe = {
    findRun: (dag, partition) =>
      waitFor(`a run of ${dag} ${partition}`, async () => {
        const runs = await listRuns(api, dag)
        const run = runs.find((each) => each.partition_key === partition)
        return run ? { found: run } : { instead: runs.map((each) => each.partition_key) }
      }),
    awaitRun: (run) =>
      waitFor(`the end of ${run.dag_id} ${run.partition_key}`, async () => {
        const current = (await listRuns(api, run.dag_id)).find((each) => each.dag_run_id === run.dag_run_id)
        return isFinal(current?.state ?? null) ? { found: current?.state ?? '' } : { instead: await probe.states(run) }
      }),
    awaitState: (name, state) =>
      waitFor(`${name.task} of ${name.run.partition_key} to be ${state}`, async () => {
        const task = await probe.read(name)
        if (task.state === state) return { found: task }
        if (isFinal(task.state)) throw new Error(`${name.task} of ${name.run.partition_key} is ${task.state}`)
        return { instead: task }
      }),
    read: (name) => api.get(taskPath(name), taskSchema),
    async states(run) {
      const tasks = await listTasks(api, run)
      return Object.fromEntries(tasks.map(({ task_id: task, state }) => [task, state]))
    },
    async log(name, tryNumber) {
      const { content } = await api.get(`${taskPath(name)}/logs/${tryNumber}?full_content=true`, logSchema)
      return content.map((line) => JSON.stringify(line)).join('\n')
    },
    async result(name) {
      const path = `${taskPath(name)}/xcomEntries/return_value?stringify=false`
      return (await api.get(path, resultSchema)).value
    },
    async clear({ run, task }, { downstream = false } = {}) {
      await api.send('POST', `dags/${run.dag_id}/clearTaskInstances`, {
        ...{ dry_run: false, dag_run_id: run.dag_run_id, task_ids: [task], only_failed: false },
        ...{ include_downstream: downstream, reset_dag_runs: true },
      })
    },
  }
  return probe
}

async function waitFor<Found>(
  what: string,
  look: () => Promise<{ found: Found } | { instead: unknown }>,
): Promise<Found> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const seen = await look()
    if ('found' in seen) return seen.found
    if (Date.now() > deadline) {
      throw new Error(`waited ${timeoutMs / 1000} s for ${what}; there is ${JSON.stringify(seen.instead)}`)
    }
    await wait(pollMs)
  }
}
