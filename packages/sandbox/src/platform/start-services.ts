import type { FixedPorts } from '../console/world-flags.ts'
import type { Progress } from '../console/progress.ts'
import { ensurePythonEnvironment } from '../python/environment.ts'
import { putParameters } from '../services/aws/parameters.ts'
import { type AwsService, startAws } from '../services/aws/start.ts'
import { bucketNames } from '../services/aws/topology.ts'
import { createPostgresClient, schemaName } from '../services/postgres/database.ts'
import { databaseParameters } from '../services/postgres/parameters.ts'
import { type PostgresService, startPostgres } from '../services/postgres/start.ts'
import { type SheetsService, startSheets } from '../services/sheets/start.ts'
import type { ServiceGroup } from '../supervisor/group.ts'
import { type BindHost, loopbackHost } from '../supervisor/port.ts'
import { seedWorld } from '../world/seed-world.ts'
import type { World } from '../world/world.ts'
import { agentsSpreadsheetId } from './app-environment.ts'
import { repositoryRoot } from './repository.ts'
import { startWarehouse, type WarehouseService } from './start-warehouse.ts'

/** Everything that stands for the cloud, running. */
export interface SandboxServices {
  readonly aws: AwsService
  readonly postgres: PostgresService
  readonly sheets: SheetsService
  readonly snowflake: WarehouseService
}

/** What the services are started with. */
export interface StartServicesOptions {
  readonly group: ServiceGroup
  readonly sandboxDirectory: string
  readonly ports: FixedPorts
  /** Where the services listen. Default: the loopback interface only. */
  readonly bind?: BindHost | undefined
  /** Name that the steps reach them by. Default: the loopback address. */
  readonly host?: string | undefined
  readonly progress: Progress
}

/** Starts the four services side by side, each on a free port, and sets up accounts, schema, roles and parameters. */
export async function startServices(options: StartServicesOptions): Promise<SandboxServices> {
  const { group, sandboxDirectory, ports, bind = loopbackHost, host = loopbackHost } = options
  const step = options.progress.step('services')
  const started: string[] = []
  const note = <Service extends { name: string; port: number }>(service: Service): Service => {
    started.push(`${service.name} ${service.port}`)
    step.update(started.length / 4, started.join(', '))
    return service
  }
  const common = { sandboxDirectory, bind }
  const python = (name: 'aws' | 'emulator') =>
    ensurePythonEnvironment({ name, root: repositoryRoot, signal: group.signal })
  try {
    const aws = python('aws').then((environment) =>
      group.start((signal) => startAws({ ...common, python: environment.python, port: ports.aws, signal })).then(note),
    )
    const snowflake = Promise.all([python('emulator'), aws]).then(([environment, localAws]) =>
      group
        .start((signal) =>
          startWarehouse({ ...common, python: environment.python, aws: localAws, port: ports.snowflake, signal }),
        )
        .then(note),
    )
    const database = group.start((signal) => startPostgres({ ...common, port: ports.postgres, signal })).then(note)
    const sheets = group.start((signal) => startSheets({ ...common, host, port: ports.sheets, signal })).then(note)
    // Together, so that the first failure is the one to tell and none goes unheard.
    const [localAws, postgresService, sheetsService, warehouse] = await Promise.all([aws, database, sheets, snowflake])
    const services = { aws: localAws, postgres: postgresService, sheets: sheetsService, snowflake: warehouse }
    await putParameters(
      localAws.administrators.source.clients.ssm,
      databaseParameters({ ...postgresService.reader, host }),
    )
    step.done(started.join(', '))
    return services
  } catch (error) {
    step.fail(error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'failed')
    throw error
  }
}

/** Makes the local sources hold the world. */
export async function fillSources(options: {
  services: SandboxServices
  world: World
  progress: Progress
  signal: AbortSignal
}): Promise<void> {
  const { services, world, progress, signal } = options
  const step = progress.step('sources')
  const sql = createPostgresClient(services.postgres.owner)
  const outcomes = { written: 0, unchanged: 0, removed: 0 }
  try {
    await seedWorld(
      world,
      {
        objects: { s3: services.aws.administrators.source.clients.s3, bucket: bucketNames.source },
        webForms: { sql, schema: schemaName },
        sheet: { file: services.sheets.dataFile, spreadsheetId: agentsSpreadsheetId },
      },
      {
        onProgress: ({ item, done, total, outcome }) => {
          if (outcome) outcomes[outcome] += 1
          step.update(total === 0 ? undefined : done / total, item)
        },
        signal,
      },
    )
    step.done(`${outcomes.written} written, ${outcomes.unchanged} unchanged, ${outcomes.removed} removed`)
  } catch (error) {
    step.fail('not filled')
    throw error
  } finally {
    await sql.end({ timeout: 5 })
  }
}
