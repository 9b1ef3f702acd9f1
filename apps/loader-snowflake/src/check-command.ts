import {
  type CommandDefinition,
  ConfigError,
  createSsmClient,
  parseSettings,
  PermissionError,
  readParameter,
} from '@coretelecoms/core'
import { z } from 'zod'
import { openRawZone, withWarehouse } from './connect.ts'
import { rawZoneStage } from './copy-sql.ts'
import { warehouseTables } from './migrate.ts'
import { type MigrateSettings, migrateSettings } from './settings.ts'
import { checkStage } from './stage.ts'
import { findTableDrift } from './table-drift.ts'
import { queryRow, type Warehouse } from './warehouse.ts'

/** `check`: proves settings, key pair, grants, tables, stage, raw zone and SSM parameter; moves no data. */
export const checkCommand: CommandDefinition = {
  name: 'check',
  description: 'prove settings, login, grants, tables, stage, raw zone and SSM parameter; moves no data',
  needsDate: false,
  async run(context) {
    const settings = parseSettings(migrateSettings, context.environment)
    const { reporter } = context
    await readParameter(createSsmClient({ region: settings.AWS_REGION }), settings.CX_PSEUDONYM_KEY_PARAMETER)
    reporter.info(`the SSM parameter ${settings.CX_PSEUDONYM_KEY_PARAMETER} can be read`)
    await openRawZone(settings).head('raw/check')
    reporter.info(`the bucket ${settings.CX_RAW_BUCKET} can be read`)
    await withWarehouse(context, settings, async (warehouse) => {
      await checkSession(warehouse, settings)
      reporter.info(`${settings.CX_SNOWFLAKE_USER} is logged in with its role, warehouse and database`)
      const missing = await findTableDrift(warehouse, warehouseTables(context.datasets))
      if (missing.length > 0) {
        throw new ConfigError('migrate', `${missing.length} changes to tables are missing; run \`migrate\``)
      }
      await checkStage(warehouse, settings.CX_RAW_BUCKET)
      // Below raw/ and not at the top: that is what Snowflake's role may list.
      await warehouse.execute(`LIST @${rawZoneStage}/raw/`)
      reporter.info('tables and stage are in order')
    })
  },
}

const session = z.object({
  role_name: z.string().nullable(),
  warehouse_name: z.string().nullable(),
  database_name: z.string().nullable(),
})

// Snowflake lets a session begin without a warehouse or a database that the role may not use, and says nothing.
async function checkSession(warehouse: Warehouse, settings: MigrateSettings): Promise<void> {
  const now = await queryRow(warehouse, {
    sql: 'SELECT CURRENT_ROLE() AS role_name, CURRENT_WAREHOUSE() AS warehouse_name, CURRENT_DATABASE() AS database_name',
    row: session,
  })
  const faults = [
    ['role', now.role_name, settings.CX_SNOWFLAKE_ROLE],
    ['warehouse', now.warehouse_name, settings.CX_SNOWFLAKE_WAREHOUSE],
    ['database', now.database_name, settings.CX_SNOWFLAKE_DATABASE],
  ].flatMap(([what, actual, wanted]) =>
    actual?.toUpperCase() === wanted?.toUpperCase()
      ? []
      : [`${what} ${wanted ?? ''} (the session has ${actual ?? 'none'})`],
  )
  if (faults.length === 0) return
  throw new PermissionError(
    'session',
    `${settings.CX_SNOWFLAKE_USER} may not use ${faults.join(', ')}; grant USAGE on it to the role`,
  )
}
