import type { ExitCode } from '@coretelecoms/core'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { v7 as uuidv7 } from 'uuid'
import type { StartOptions } from '../console/options.ts'
import { formatSummary } from '../console/print-summary.ts'
import type { Progress } from '../console/progress.ts'
import { bucketNames } from '../services/aws/topology.ts'
import type { ServiceGroup } from '../supervisor/group.ts'
import { sandboxLayout } from '../supervisor/layout.ts'
import { stopLeftovers } from '../supervisor/leftover.ts'
import { appEnvironment, warehouseEnvironment } from './app-environment.ts'
import { buildApps } from './build-apps.ts'
import { buildModels } from './build-models.ts'
import { type Figures, readFigures } from './figures.ts'
import { landSources } from './land-sources.ts'
import { loadWarehouse } from './load-warehouse.ts'
import { prepareWorld } from './prepare-world.ts'
import { reconcile } from './reconcile.ts'
import { writeSandboxState } from './sandbox-state.ts'
import { fillSources, type SandboxServices, startServices } from './start-services.ts'
import { connectWarehouse } from './warehouse-client.ts'

/** What a whole run is given. */
export interface RunPlatformOptions {
  readonly start: StartOptions
  readonly sandboxDirectory: string
  readonly group: ServiceGroup
  readonly progress: Progress
  readonly output: { write(text: string): unknown }
  /** Called at the end, while the services are still up. */
  readonly afterwards?: (services: SandboxServices) => Promise<void>
}

/**
 * Runs the whole platform on this machine: world, services, sources, extractors, loader, models, figures. Returns 0 only
 * when every line balances; the services are the group's to stop.
 */
export async function runPlatform(options: RunPlatformOptions): Promise<ExitCode> {
  const { start, sandboxDirectory, group, progress } = options
  const startedAt = performance.now()
  const layout = sandboxLayout(sandboxDirectory)
  const runId = uuidv7()
  for (const { name, pid } of await stopLeftovers(layout.run)) {
    progress.line(`stopped ${name} (process ${pid}), left behind by a run that was killed`)
  }
  const { world, state } = await prepareWorld({ start, sandboxDirectory, progress, signal: group.signal })
  const building = buildStep(progress, group.signal)
  const servicesStarting = startServices({ group, sandboxDirectory, ports: start.ports, progress })
  const [services] = await Promise.all([servicesStarting, building])
  await fillSources({ services, world, progress, signal: group.signal })
  // From here on the raw zone and the warehouse hold this world.
  await writeSandboxState(sandboxDirectory, state)

  const runLogFile = join(sandboxDirectory, 'logs', `run-${runId}.ndjson`)
  const common = { runId, days: world.days, runLogFile, progress, signal: group.signal }
  const extractions = await landSources({
    ...common,
    guardFlags: start.guardFlags,
    environmentOf: (app) => appEnvironment(app, services),
    logFileOf: (app) => layout.log(app),
  })
  const load = await loadWarehouse({
    ...common,
    environment: await appEnvironment('loader-snowflake', services),
    logFile: layout.log('loader-snowflake'),
  })
  let figures: Figures | undefined
  let isModelled = false
  if (load.exit_code === 0 || load.exit_code === 3) {
    const warehouse = await connectWarehouse({
      account: services.snowflake.account,
      url: services.snowflake.url,
      user: 'CX_ADMIN',
      privateKeyFile: services.snowflake.privateKeyFiles.CX_ADMIN,
      database: 'CORETELECOMS',
    })
    try {
      const models = await buildModels({
        warehouse,
        environment: warehouseEnvironment('CX_TRANSFORMER', services),
        asOfDate: world.days.at(-1) ?? start.date,
        modelledFrom: state.modelledFrom,
        targetDirectory: join(sandboxDirectory, 'dbt'),
        logFile: layout.log('dbt'),
        progress,
        signal: group.signal,
      })
      isModelled = (models.outcome?.failed ?? 0) === 0
      if (isModelled) {
        await writeSandboxState(sandboxDirectory, { ...state, modelledFrom: models.modelledFrom })
        figures = await readFigures(warehouse)
      }
    } finally {
      await warehouse.close()
    }
  }
  await rm(runLogFile, { force: true })
  const result = reconcile({
    days: world.days,
    extractions,
    load,
    marts: figures?.reconciliation ?? [],
    declaredLate: world.kind === 'generated' ? world.undelivered : [],
  })
  progress.close()
  const exitCode = result.exitCode === 0 && !isModelled ? 1 : result.exitCode
  options.output.write(
    formatSummary({
      reconciliation: { ...result, exitCode },
      figures,
      rawZone: `s3://${bucketNames.own}/raw, kept in ${layout.data('aws')}`,
      warehouseFile: services.snowflake.databaseFile,
      logs: join(sandboxDirectory, 'logs'),
      seconds: (performance.now() - startedAt) / 1000,
    }),
  )
  await options.afterwards?.(services)
  return exitCode
}

async function buildStep(progress: Progress, signal: AbortSignal): Promise<void> {
  const step = progress.step('apps')
  try {
    await buildApps(signal)
    step.done('built')
  } catch (error) {
    step.fail('not built')
    throw error
  }
}
