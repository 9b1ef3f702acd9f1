import type { ExitCode } from '@coretelecoms/core'
import getPort, { portNumbers } from 'get-port'
import { once } from 'node:events'
import { join } from 'node:path'
import { unpauseDags } from '../airflow/dags-ready.ts'
import { followDay } from '../airflow/follow-day.ts'
import { type RunningAirflow, startAirflow } from '../airflow/start-airflow.ts'
import { buildStep } from '../platform/build-apps.ts'
import { openWorld } from '../platform/open-world.ts'
import { repositoryRoot } from '../platform/repository.ts'
import { renewStepSettings, writeStepSettings } from '../platform/step-settings.ts'
import { ensurePythonEnvironment, type PythonEnvironment, type PythonEnvironmentName } from '../python/environment.ts'
import { readLogTail } from '../supervisor/log-tail.ts'
import { sandboxLayout } from '../supervisor/layout.ts'
import { choosePort, loopbackHost } from '../supervisor/port.ts'
import { ServiceError } from '../supervisor/service-error.ts'
import { parseAirflowOptions } from './airflow-options.ts'
import { type CommandRun, type CommandStreams, describeFailure, runCommand } from './run-command.ts'

/** Runs `npm run airflow`: the sandbox and Airflow over it, with the first day started, until Ctrl-C. */
export async function serveAirflow(streams: CommandStreams): Promise<ExitCode> {
  return runCommand(streams, {
    parse: parseAirflowOptions,
    async run(options, run) {
      const { sandboxDirectory, group, progress } = run
      const { signal } = group
      // Chosen first: a port that is taken is told before anything was waited for.
      const port = await choosePage(options.port)
      const installing = Promise.all([install('airflow', run), install('dbt', run)])
      const meanwhile = async (): Promise<void> => {
        await Promise.all([installing, buildStep(progress, signal)])
      }
      const { world, services } = await openWorld({ start: options, sandboxDirectory, group, progress, meanwhile })
      const [airflow, dbt] = await installing
      const settings = { services, directory: join(sandboxDirectory, 'env') }
      await writeStepSettings(settings)
      const onFailure = (error: unknown): void => progress.line(describeFailure(error))
      const renewing = renewStepSettings({ ...settings, signal, onFailure })
      const step = progress.step('airflow')
      let running: RunningAirflow
      try {
        running = await startAirflow({
          ...{ group, sandboxDirectory, postgres: services.postgres, airflow, dbt, port, days: world.days },
          settingsDirectory: settings.directory,
          onProgress: (text) => step.update(undefined, text),
        })
        await unpauseDags(running.api, { signal })
        step.done(running.url)
      } catch (error) {
        step.fail('not started')
        throw error
      }
      const { url, login, api } = running
      progress.line(`\n  ${url}   user ${login.username}, password ${login.password}\n`)
      const following = followDay({ api, day: world.days[0] ?? options.date, progress, signal })
      await Promise.race([following, failWhenOneEnds(running, sandboxDirectory)])
      progress.line(
        `\nThe other days: in ingest_daily choose Trigger, Backfill, ${world.days[0]} to ${world.days.at(-1)}.\n` +
          `Airflow stays up until Ctrl-C: ${url}   user ${login.username}, password ${login.password}`,
      )
      await Promise.race([
        signal.aborted ? undefined : once(signal, 'abort'),
        failWhenOneEnds(running, sandboxDirectory),
      ])
      await renewing
      return 0
    },
  })
}

async function choosePage(asked: number | undefined): Promise<number> {
  if (asked !== undefined) return choosePort('airflow', { port: asked })
  return getPort({ host: loopbackHost, port: portNumbers(8080, 8179) })
}

async function install(name: PythonEnvironmentName, { progress, group }: CommandRun): Promise<PythonEnvironment> {
  let step: ReturnType<typeof progress.step> | undefined
  try {
    const environment = await ensurePythonEnvironment({
      ...{ name, root: repositoryRoot, signal: group.signal },
      onProgress: (text) => {
        step = progress.step(`python ${name}`)
        step.update(undefined, text)
      },
    })
    step?.done('installed')
    return environment
  } catch (error) {
    step?.fail('not installed')
    throw error
  }
}

/** Rejects as soon as one of Airflow's servers ends although nobody stops it. */
async function failWhenOneEnds({ components }: RunningAirflow, sandboxDirectory: string): Promise<never> {
  const name = await Promise.race(
    [...components].map(([component, process]) => process.ended.then(() => `airflow-${component}`)),
  )
  const log = sandboxLayout(sandboxDirectory).log(name)
  throw new ServiceError(name, `${name} ended by itself; its log ${log} ends with\n${await readLogTail(log)}`)
}
