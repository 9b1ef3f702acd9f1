import { type CommandContext, createS3Client, createS3ObjectStore, type ObjectStore } from '@coretelecoms/core'
import type { LoaderSettings } from './settings.ts'
import { openSnowflake } from './snowflake-warehouse.ts'
import type { QueryTag, Warehouse } from './warehouse.ts'

/** The raw zone that a command reads. */
export function openRawZone(settings: LoaderSettings): ObjectStore {
  return createS3ObjectStore(createS3Client({ region: settings.AWS_REGION }), settings.CX_RAW_BUCKET)
}

/** Opens a session, hands it to `use`, and closes it when `use` has ended. */
export async function withWarehouse(
  context: CommandContext,
  settings: LoaderSettings,
  use: (warehouse: Warehouse) => Promise<void>,
): Promise<void> {
  const warehouse = await openSnowflake({ settings, tag: queryTag(context), signal: context.signal })
  try {
    await use(warehouse)
  } finally {
    await warehouse.close()
  }
}

/** What the statements of a run are tagged with. */
export function queryTag(context: CommandContext, facts: QueryTag = {}): QueryTag {
  return { app: context.app.name, run_id: context.runId, ...facts }
}
