import type { PartitionResult, RunResult } from '@coretelecoms/core'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { repositoryRoot } from '../../src/platform/repository.ts'
import { type AppName, runApp } from '../../src/platform/run-app.ts'
import { ensurePythonEnvironment } from '../../src/python/environment.ts'
import { type AwsService, startAws } from '../../src/services/aws/start.ts'
import { bucketNames, region } from '../../src/services/aws/topology.ts'
import { createServiceGroup, type ServiceGroup } from '../../src/supervisor/group.ts'

/** A local AWS in a folder of its own, and one app that is run against it as a container would be. */
export interface LocalWorld {
  readonly aws: AwsService
  readonly group: ServiceGroup
  readonly sandboxDirectory: string
  /** Runs the built app; `environment` is added to what every run gets. */
  run(run: AppRun): Promise<RunResult>
  /** Runs it over one day of one dataset and returns what became of that. */
  runDay(run: AppRun): Promise<PartitionResult>
  stop(): Promise<void>
}

/** How the app is run. */
export interface AppRun {
  arguments: readonly string[]
  environment?: Readonly<Record<string, string>>
  signal?: AbortSignal
}

/** Starts a local world for one app. */
export async function startLocalWorld(app: AppName): Promise<LocalWorld> {
  const sandboxDirectory = await mkdtemp(join(tmpdir(), `cx-${app}-`))
  const group = createServiceGroup()
  const { python } = await ensurePythonEnvironment({ name: 'aws', root: repositoryRoot })
  const aws = await group.start((signal) => startAws({ sandboxDirectory, python, signal }))
  const session = await aws.assumeAppRole(app)

  const run = (options: AppRun): Promise<RunResult> =>
    runApp({
      app,
      arguments: options.arguments,
      environment: { ...session, AWS_REGION: region, CX_RAW_BUCKET: bucketNames.own, ...options.environment },
      logFile: join(sandboxDirectory, `${app}.log`),
      signal: options.signal ?? new AbortController().signal,
    })

  return {
    aws,
    group,
    sandboxDirectory,
    run,
    async runDay(options) {
      const { results, error } = await run(options)
      const [result] = results
      if (!result) throw new Error(`the run ended without a result: ${error?.message ?? 'no reason'}`)
      return result
    },
    async stop() {
      await group.stop()
      await rm(sandboxDirectory, { recursive: true, force: true })
    },
  }
}
