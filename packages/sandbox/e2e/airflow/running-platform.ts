import { cp, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unpauseDags } from '../../src/airflow/dags-ready.ts'
import { type RunningAirflow, startAirflow } from '../../src/airflow/start-airflow.ts'
import { createSilentProgress } from '../../src/console/silent-progress.ts'
import { buildApps } from '../../src/platform/build-apps.ts'
import { repositoryRoot } from '../../src/platform/repository.ts'
import { fillSources, type SandboxServices, startServices } from '../../src/platform/start-services.ts'
import { writeStepSettings } from '../../src/platform/step-settings.ts'
import { ensurePythonEnvironment } from '../../src/python/environment.ts'
import { putParameters } from '../../src/services/aws/parameters.ts'
import { databaseParameters } from '../../src/services/postgres/parameters.ts'
import { createServiceGroup } from '../../src/supervisor/group.ts'
import { choosePort } from '../../src/supervisor/port.ts'
import { readSourcesFolder } from '../../src/world/read-sources-folder.ts'
import { writeWorld } from '../../src/world/write-world.ts'

/** A small world of three days, its sources, and Airflow over them. Nothing has run yet; the models are paused. */
export interface RunningPlatform {
  readonly folder: string
  /** Folder of the world's files. */
  readonly worldFolder: string
  readonly services: SandboxServices
  readonly airflow: RunningAirflow
  /** Moment until which the world's last day may be delivered. */
  readonly lastDayDueMs: number
  /** Writes the settings of the steps as they should be. */
  restoreSettings(): Promise<void>
  /** Leads readers of the source database to a port where nobody listens, or back. */
  leadAstray(isAstray: boolean): Promise<void>
  /** Delivers the file of the last day that was late. */
  deliverLate(): Promise<void>
  /** Ends Airflow and the services, and leaves the files. */
  stopServices(): Promise<void>
  stop(): Promise<void>
}

/** The world's first day and how many it has. */
export const firstDay = '2025-11-20'
export const lastDay = '2025-11-22'
const world = { scale: 0.001, firstDay } as const

/**
 * How long after Airflow's start the late delivery is given up: the other tests take about two minutes, and on a machine
 * that is busy as many times longer as its services took to start.
 */
const patienceMs = (servicesMs: number): number => 100_000 + 5 * servicesMs
const hourMs = 3_600_000

/** Starts it all, under settings with short waits. */
export async function startPlatform(): Promise<RunningPlatform> {
  const folder = await mkdtemp(join(tmpdir(), 'cx-airflow-'))
  const worldFolder = join(folder, 'world')
  const group = createServiceGroup()
  const silent = createSilentProgress()
  const stop = async (): Promise<void> => {
    await group.stop()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const { signal } = group
    const startedAt = performance.now()
    const starting = startServices({ group, sandboxDirectory: folder, ports: {}, progress: silent })
    const [services, servicesMs, , airflowEnvironment, dbt, port] = await Promise.all([
      starting,
      starting.then(() => performance.now() - startedAt),
      buildApps(signal),
      ensurePythonEnvironment({ name: 'airflow', root: repositoryRoot, signal }),
      ensurePythonEnvironment({ name: 'dbt', root: repositoryRoot, signal }),
      choosePort('airflow'),
      writeWorld({ ...world, folder: worldFolder, days: 3 }),
    ])
    const fill = async (): Promise<void> =>
      fillSources({ services, world: await readSourcesFolder(worldFolder), progress: silent, signal })
    const restoreSettings = async (): Promise<void> => {
      await writeStepSettings({ services, directory: join(folder, 'env') })
    }
    await Promise.all([fill(), restoreSettings()])
    const lastDayDueMs = Date.now() + patienceMs(servicesMs)
    const airflow = await startAirflow({
      ...{ group, sandboxDirectory: folder, postgres: services.postgres, airflow: airflowEnvironment, dbt, port },
      settingsDirectory: join(folder, 'env'),
      days: [firstDay, lastDay],
      overrides: {
        CX_AIRFLOW_DELIVERY_DEADLINE_HOURS: String((lastDayDueMs - Date.parse(lastDay)) / hourMs - 24),
        CX_AIRFLOW_DELIVERY_POLL_SECONDS: '10',
        CX_AIRFLOW_RETRY_DELAY_SECONDS: '3',
        CX_AIRFLOW_TRANSFORM_CALM_SECONDS: '3',
        // A supervisor that is killed is found out by its silence.
        AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT: '30',
        AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL: '5',
      },
    })
    await unpauseDags(airflow.api, { signal })
    await airflow.api.send('PATCH', 'dags/transform', { is_paused: true })
    return {
      ...{ folder, worldFolder, services, airflow, lastDayDueMs, restoreSettings, stop },
      stopServices: () => group.stop(),
      async leadAstray(isAstray) {
        const port = isAstray ? await findDeafPort() : services.postgres.port
        const parameters = databaseParameters({ ...services.postgres.reader, port })
        await putParameters(services.aws.administrators.source.clients.ssm, parameters)
      },
      async deliverLate() {
        // The same seed with a day more is the same world a day later, and then that file is there.
        const later = join(folder, 'later')
        await writeWorld({ ...world, folder: later, days: 4 })
        const name = `media_complaint_day_${lastDay}.json`
        const file = (await readSourcesFolder(later)).files.find((each) => each.name.endsWith(name))
        if (!file) throw new Error(`the world of four days has no ${name}`)
        await cp(join(later, file.name), join(worldFolder, file.name))
        await fill()
      },
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** A port that was free a moment ago. */
async function findDeafPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (typeof address !== 'object' || address === null) throw new Error('the server had no address')
  return address.port
}
