import { join } from 'node:path'
import { z } from 'zod'
import type { ServiceGroup } from '../supervisor/group.ts'
import { sandboxLayout } from '../supervisor/layout.ts'
import { loopbackHost } from '../supervisor/port.ts'
import { type RunningProcess, startProcess } from '../supervisor/process.ts'

/** Airflow's servers, in the order they are started in; they are stopped the other way round. */
export const componentNames = ['api-server', 'dag-processor', 'triggerer', 'scheduler'] as const

/** One of them. */
export type ComponentName = (typeof componentNames)[number]

/** What the servers are started with. */
export interface ComponentOptions {
  readonly group: ServiceGroup
  readonly sandboxDirectory: string
  /** Folder of Airflow's programs. */
  readonly bin: string
  readonly environment: Readonly<Record<string, string>>
  readonly port: number
}

// The API server reads the logs of tasks from the disk that they were written to: nobody has to serve them.
const flags: Readonly<Record<ComponentName, readonly string[]>> = {
  'api-server': [],
  'dag-processor': [],
  triggerer: ['--skip-serve-logs'],
  scheduler: ['--skip-serve-logs'],
}

const status = z.object({ status: z.string().nullable() })
const healthSchema = z.object({ scheduler: status, triggerer: status, dag_processor: status })

/** On two busy cores the first start, which compiles what no environment had compiled yet, took most of a minute. */
const healthTimeoutMs = 120_000

/**
 * Starts Airflow's four servers side by side, each in a process group of its own, and waits until all are healthy by what
 * the API server says.
 */
export async function startComponents(options: ComponentOptions): Promise<ReadonlyMap<ComponentName, RunningProcess>> {
  const { group, sandboxDirectory, bin, environment, port } = options
  const layout = sandboxLayout(sandboxDirectory)
  const starting = componentNames.map(async (component) => {
    const name = `airflow-${component}`
    const running = await group.start(async (signal) => ({
      name,
      ...(await startProcess({
        name,
        command: join(bin, 'airflow'),
        args: [component, ...flags[component]],
        env: environment,
        workingDirectory: layout.data('airflow'),
        logFile: layout.log(name),
        runDirectory: layout.run,
        health: () => requireHealthy(component, port),
        healthTimeoutMs,
        // A task that runs is stopped by its step's own clean end.
        graceMs: 20_000,
        signal,
      })),
    }))
    return [component, running] as const
  })
  return new Map(await Promise.all(starting))
}

async function requireHealthy(component: ComponentName, port: number): Promise<void> {
  const url = `http://${loopbackHost}:${port}/api/v2/monitor/health`
  const response = await fetch(url, { signal: AbortSignal.timeout(5000) })
  if (!response.ok) throw new Error(`${url} answered ${response.status}`)
  const health = healthSchema.parse(await response.json())
  if (component === 'api-server') return
  const { status: found } = health[component === 'dag-processor' ? 'dag_processor' : component]
  if (found !== 'healthy') throw new Error(`its status is ${found ?? 'not known yet'}`)
}
