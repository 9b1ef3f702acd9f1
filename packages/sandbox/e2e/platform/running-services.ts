import type { RunResult } from '@coretelecoms/core'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSilentProgress } from '../../src/console/silent-progress.ts'
import { identityEnvironment, identityOf } from '../../src/platform/app-environment.ts'
import { type AppName, runApp } from '../../src/platform/run-app.ts'
import { fillSources, type SandboxServices, startServices } from '../../src/platform/start-services.ts'
import { createServiceGroup } from '../../src/supervisor/group.ts'
import { writeWorld } from '../../src/world/write-world.ts'

/** The four services with a small world of one day in the sources, and the apps run against them one by one. */
export interface RunningServices {
  readonly services: SandboxServices
  /** Folder of the sandbox. */
  readonly folder: string
  /** Runs a built app; `environment` is laid over what the platform would give it. */
  run(app: AppName, words: readonly string[], environment?: Readonly<Record<string, string>>): Promise<RunResult>
  stop(): Promise<void>
}

/** Starts the services and fills the sources with the world's one day, which is `day`. */
export async function startRunningServices(day: string): Promise<RunningServices> {
  const folder = await mkdtemp(join(tmpdir(), 'cx-e2e-'))
  const group = createServiceGroup()
  const silent = createSilentProgress()
  const stop = async (): Promise<void> => {
    await group.stop()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const services = await startServices({ group, sandboxDirectory: folder, ports: {}, progress: silent })
    const world = await writeWorld({ folder: join(folder, 'world'), scale: 0.0005, days: 1, firstDay: day })
    await fillSources({ services, world, progress: silent, signal: group.signal })
    // A session an app, as a container keeps its own: also when AWS is down.
    const environments = new Map<string, Record<string, string>>()
    return {
      services,
      folder,
      stop,
      async run(app, words, environment = {}) {
        const identity = identityOf(app, words[0])
        const own = environments.get(identity) ?? (await identityEnvironment(identity, services))
        environments.set(identity, own)
        return runApp({
          app,
          arguments: words,
          environment: { ...own, ...environment },
          logFile: join(folder, 'logs', `${app}.log`),
          signal: group.signal,
        })
      },
    }
  } catch (error) {
    await stop()
    throw error
  }
}
