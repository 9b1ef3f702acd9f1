import { join, resolve } from 'node:path'

/** Where a sandbox keeps things. */
export interface SandboxLayout {
  /** Records of running services, one file each. */
  readonly run: string
  /** Keys and passwords that stay the same for a world; only the owner may read them. */
  readonly secrets: string
  /** What a service keeps. */
  data(service: string): string
  /** What a service said. */
  log(service: string): string
}

/** Names the folders and files of a sandbox, by absolute paths. */
export function sandboxLayout(sandboxDirectory: string): SandboxLayout {
  const root = resolve(sandboxDirectory)
  return {
    run: join(root, 'run'),
    secrets: join(root, 'secrets'),
    data: (service) => join(root, 'data', service),
    log: (service) => join(root, 'logs', `${service}.log`),
  }
}
