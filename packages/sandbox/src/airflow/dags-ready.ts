import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import type { AirflowApi } from './api.ts'
import { dagNames } from './runs.ts'

const dagsSchema = z.object({ dags: z.array(z.object({ dag_id: z.string(), is_paused: z.boolean() })) })
const importErrorsSchema = z.object({
  import_errors: z.array(z.object({ filename: z.string().nullable(), stack_trace: z.string() })),
})

const pollMs = 1000

/**
 * Waits until Airflow knows all DAGs of the platform, and lets them run. Throws with Airflow's own words when one cannot
 * be imported, and when they are not there in time.
 */
export async function unpauseDags(
  api: AirflowApi,
  { signal, timeoutMs = 120_000 }: { signal: AbortSignal; timeoutMs?: number },
): Promise<void> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const { import_errors: errors } = await api.get('importErrors', importErrorsSchema)
    const [error] = errors
    if (error) throw new Error(`Airflow cannot import ${error.filename ?? 'a DAG'}:\n${error.stack_trace}`)
    const { dags } = await api.get('dags?limit=100', dagsSchema)
    const missing = dagNames.filter((name) => !dags.some((dag) => dag.dag_id === name))
    if (missing.length === 0) break
    if (Date.now() > deadline) {
      throw new Error(`Airflow does not know ${missing.join(', ')} after ${timeoutMs / 1000} s; its log says why`)
    }
    await wait(pollMs, undefined, { signal })
  }
  for (const name of dagNames) await api.send('PATCH', `dags/${name}`, { is_paused: false })
}
