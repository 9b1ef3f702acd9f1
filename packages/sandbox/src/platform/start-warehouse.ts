import type { AwsService } from '../services/aws/start.ts'
import { ensureKeyPair } from '../services/snowflake/key-pair.ts'
import { type SnowflakeService, startSnowflake } from '../services/snowflake/start.ts'
import { sandboxLayout } from '../supervisor/layout.ts'
import type { ServiceOptions } from '../supervisor/service.ts'
import { keepStorageSession } from './storage-session.ts'

/** The users of the warehouse, each by a key pair of its own: loads, models, looks. */
export const warehouseUsers = ['CX_LOADER', 'CX_TRANSFORMER', 'CX_ADMIN'] as const

/** One of them. */
export type WarehouseUser = (typeof warehouseUsers)[number]

/** The Snowflake emulator with the platform's users. */
export interface WarehouseService extends SnowflakeService {
  readonly account: string
  readonly privateKeyFiles: Readonly<Record<WarehouseUser, string>>
}

/** Starts the warehouse; it reads the raw zone under a role of its own, as a storage integration would. */
export async function startWarehouse(
  options: ServiceOptions & { python: string; aws: AwsService },
): Promise<WarehouseService> {
  const { aws, sandboxDirectory } = options
  const directory = sandboxLayout(sandboxDirectory).secrets
  const pairs = await Promise.all(
    warehouseUsers.map(async (name) => ({ name, ...(await ensureKeyPair({ user: name, directory })) })),
  )
  const service = await startSnowflake({
    ...options,
    storageEnvironment: await keepStorageSession({ aws, directory, signal: options.signal }),
    users: pairs,
  })
  const privateKeyFiles = Object.fromEntries(pairs.map(({ name, privateKeyFile }) => [name, privateKeyFile]))
  return { ...service, account: 'sandbox', privateKeyFiles: privateKeyFiles as Record<WarehouseUser, string> }
}
