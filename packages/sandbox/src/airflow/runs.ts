import { z } from 'zod'
import type { AirflowApi } from './api.ts'

/** DAGs that bring a day in, each started by its partition. */
export const ingestionDags = ['ingest_daily', 'ingest_static'] as const

/** Every DAG of the platform. */
export const dagNames = [...ingestionDags, 'transform'] as const

const runSchema = z.object({
  dag_id: z.string(),
  dag_run_id: z.string(),
  run_type: z.string(),
  state: z.string(),
  partition_key: z.string().nullable(),
})

/** A run of a DAG. */
export type DagRun = z.infer<typeof runSchema>

const runsSchema = z.object({ dag_runs: z.array(runSchema) })

const taskSchema = z.object({
  task_id: z.string(),
  /** Null before the scheduler has looked at it. */
  state: z.string().nullable(),
  try_number: z.number(),
})

/** A task of a run, as it stands. */
export type TaskInstance = z.infer<typeof taskSchema>

const tasksSchema = z.object({ task_instances: z.array(taskSchema) })

/** The runs of a DAG, the newest first. */
export async function listRuns(api: AirflowApi, dag: string): Promise<DagRun[]> {
  return (await api.get(`dags/${dag}/dagRuns?order_by=-run_after&limit=100`, runsSchema)).dag_runs
}

/** The tasks of a run. */
export async function listTasks(api: AirflowApi, run: Pick<DagRun, 'dag_id' | 'dag_run_id'>): Promise<TaskInstance[]> {
  const path = `dags/${run.dag_id}/dagRuns/${encodeURIComponent(run.dag_run_id)}/taskInstances?limit=100`
  return (await api.get(path, tasksSchema)).task_instances
}

/** Starts the run of a partition. */
export async function triggerPartition(api: AirflowApi, dag: string, partition: string): Promise<DagRun> {
  const body = { logical_date: null, partition_key: partition }
  return runSchema.parse(await api.send('POST', `dags/${dag}/dagRuns`, body))
}

/** Whether a state is one that a run or a task stays in. */
export function isFinal(state: string | null): boolean {
  return ['success', 'failed', 'skipped', 'upstream_failed', 'removed'].includes(state ?? '')
}
