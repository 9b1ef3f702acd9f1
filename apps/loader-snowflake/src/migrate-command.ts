import { type CommandDefinition, createSsmClient, parseSettings, readParameter } from '@coretelecoms/core'
import { withWarehouse } from './connect.ts'
import { migrate } from './migrate.ts'
import { storePseudonymKey } from './pseudonym-key.ts'
import { migrateSettings } from './settings.ts'
import { checkStage } from './stage.ts'

/** `migrate`: makes schemas, tables, columns, the stage and the pseudonym key where they are missing. */
export const migrateCommand: CommandDefinition = {
  name: 'migrate',
  description: 'make schemas, tables, columns, the stage and the pseudonym key where they are missing',
  needsDate: false,
  async run(context) {
    const settings = parseSettings(migrateSettings, context.environment)
    const { reporter, isDryRun } = context
    const ssm = createSsmClient({ region: settings.AWS_REGION })
    const key = await readParameter(ssm, settings.CX_PSEUDONYM_KEY_PARAMETER)
    await withWarehouse(context, settings, async (warehouse) => {
      await migrate({
        warehouse,
        datasets: context.datasets,
        stage: {
          bucket: settings.CX_RAW_BUCKET,
          storageIntegration: settings.CX_SNOWFLAKE_STORAGE_INTEGRATION,
        },
        isDryRun,
        onChange: ({ text }) => reporter.info(isDryRun ? `would ${text}` : text),
      })
      if (isDryRun) return
      await checkStage(warehouse, settings.CX_RAW_BUCKET)
      const isStored = await storePseudonymKey(warehouse, { key, isForced: context.isForced })
      reporter.info(isStored ? 'the pseudonym key was stored' : 'the pseudonym key is the one that stands there')
    })
  },
}
