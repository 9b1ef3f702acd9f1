import type { WorldOptions } from '../console/world-flags.ts'
import type { Progress } from '../console/progress.ts'
import type { ServiceGroup } from '../supervisor/group.ts'
import type { BindHost } from '../supervisor/port.ts'
import type { World } from '../world/world.ts'
import { prepareWorld } from './prepare-world.ts'
import { type SandboxState, writeSandboxState } from './sandbox-state.ts'
import { fillSources, type SandboxServices, startServices } from './start-services.ts'

/** What a world is opened with. */
export interface OpenWorldOptions {
  readonly start: WorldOptions
  readonly sandboxDirectory: string
  readonly group: ServiceGroup
  readonly progress: Progress
  readonly bind?: BindHost | undefined
  readonly host?: string | undefined
  /** Done while the services start: what does not need them. */
  readonly meanwhile?: () => Promise<void>
}

/** A world whose sources can be read. */
export interface OpenWorld {
  readonly world: World
  readonly state: SandboxState
  readonly services: SandboxServices
}

/**
 * Brings a sandbox up to its sources: makes the world, starts the services and fills them. The services are the group's to
 * stop.
 */
export async function openWorld(options: OpenWorldOptions): Promise<OpenWorld> {
  const { start, sandboxDirectory, group, progress, bind, host, meanwhile } = options
  const { world, state } = await prepareWorld({ start, sandboxDirectory, progress, signal: group.signal })
  const working = meanwhile?.()
  const servicesStarting = startServices({ group, sandboxDirectory, ports: start.ports, progress, bind, host })
  const [services] = await Promise.all([servicesStarting, working])
  await fillSources({ services, world, progress, signal: group.signal })
  // From here on the raw zone and the warehouse hold this world.
  await writeSandboxState(sandboxDirectory, state)
  return { world, state, services }
}
