import { setTimeout as wait } from 'node:timers/promises'
import type { Progress, ProgressStep } from '../console/progress.ts'
import type { AirflowApi } from './api.ts'
import { type DagRun, ingestionDags, isFinal, listRuns, listTasks, triggerPartition } from './runs.ts'

/** What is followed, and where it is told. */
export interface FollowDayOptions {
  readonly api: AirflowApi
  /** Partition of the day. */
  readonly day: string
  readonly progress: Progress
  readonly signal: AbortSignal
}

const pollMs = 2000

/**
 * Starts the runs of a day, those that there are none of yet, and tells how they and the build of the models after them
 * go, until all have ended. A run that failed is told and is no reason to stop: it is there to be looked at.
 */
export async function followDay(options: FollowDayOptions): Promise<void> {
  const { api, day } = options
  const before = new Set((await listRuns(api, 'transform')).map((run) => run.dag_run_id))
  const started: DagRun[] = []
  for (const dag of ingestionDags) {
    const run = (await listRuns(api, dag)).find((each) => each.partition_key === day)
    if (run) options.progress.line(`${dag} ${day} ran before: ${run.state}`)
    else started.push(await triggerPartition(api, dag, day))
  }
  const ends = await Promise.all(started.map((run) => followRun(run, `${run.dag_id} ${day}`, options)))
  if (ends.some((end) => end === 'success')) await followModels(before, options)
}

/**
 * Each load asks for a build of the models; one run builds for all, and the others skip. Told as one step that ends when
 * no run of them is open any more.
 */
async function followModels(before: ReadonlySet<string>, { api, progress, signal }: FollowDayOptions): Promise<void> {
  const step = progress.step('transform')
  try {
    for (;;) {
      const runs = (await listRuns(api, 'transform')).filter((run) => !before.has(run.dag_run_id))
      const open = runs.filter((run) => !isFinal(run.state))
      if (runs.length > 0 && open.length === 0) {
        const tasks = (await Promise.all(runs.map((run) => listTasks(api, run)))).flat()
        const hasFailed = runs.some((run) => run.state === 'failed')
        const built = tasks.filter((task) => task.task_id === 'dbt' && task.state === 'success').length
        if (hasFailed) step.fail('dbt failed: its task says which model or test')
        else step.done(`${built} ${built === 1 ? 'build' : 'builds'} for ${runs.length} loads`)
        return
      }
      step.update(undefined, `${runs.length - open.length} of ${runs.length} runs ended`)
      await wait(pollMs, undefined, { signal })
    }
  } catch (error) {
    step.fail('no longer followed')
    throw error
  }
}

async function followRun(run: DagRun, name: string, { api, progress, signal }: FollowDayOptions): Promise<string> {
  const step = progress.step(name)
  try {
    for (;;) {
      const current = (await listRuns(api, run.dag_id)).find((each) => each.dag_run_id === run.dag_run_id)
      const tasks = await listTasks(api, run)
      const ended = tasks.filter(({ state }) => isFinal(state)).length
      const detail = tasks.flatMap(({ task_id: task, state }) => (state === 'running' ? [task] : [])).join(', ')
      if (current && isFinal(current.state)) {
        endStep(step, current.state, tasks)
        return current.state
      }
      step.update(tasks.length === 0 ? undefined : ended / tasks.length, detail)
      await wait(pollMs, undefined, { signal })
    }
  } catch (error) {
    step.fail('no longer followed')
    throw error
  }
}

function endStep(step: ProgressStep, state: string, tasks: readonly { task_id: string; state: string | null }[]): void {
  const counts = new Map<string, number>()
  for (const task of tasks) counts.set(task.state ?? 'none', (counts.get(task.state ?? 'none') ?? 0) + 1)
  const words = [...counts].map(([name, count]) => `${count} ${name.replaceAll('_', ' ')}`).join(', ')
  if (state === 'success') step.done(`${tasks.length} tasks: ${words}`)
  else step.fail(`${words}: ${tasks.flatMap((task) => (task.state === 'failed' ? [task.task_id] : [])).join(', ')}`)
}
