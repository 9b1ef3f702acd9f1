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
import { appEnvironment, migrationEnvironment, warehouseEnvironment } from './app-environment.ts'
import { buildStep } from './build-apps.ts'
import { buildModels } from './build-models.ts'
import { type Figures, readFigures } from './figures.ts'
import { landSources } from './land-sources.ts'
import { loadWarehouse } from './load-warehouse.ts'
import { openWorld } from './open-world.ts'
import { reconcile } from './reconcile.ts'
import { writeSandboxState } from './sandbox-state.ts'
import type { SandboxServices } from './start-services.ts'
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
  const { world, state, services } = await openWorld({
    ...{ start, sandboxDirectory, group, progress },
    meanwhile: () => buildStep(progress, group.signal),
  })

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
    migrationEnvironment: await migrationEnvironment(services),
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
