import { ConfigError, sqlText } from '@coretelecoms/core'
import { z } from 'zod'
import { rawZoneStage } from './copy-sql.ts'
import { queryRows, type Warehouse } from './warehouse.ts'

/** What the stage is made with. */
export interface StageOptions {
  readonly bucket: string
  readonly storageIntegration: string
}

/** The statement that makes the stage on the raw bucket where there is none. */
export function createStageSql({ bucket, storageIntegration }: StageOptions): string {
  return [
    `CREATE STAGE IF NOT EXISTS ${rawZoneStage}`,
    `URL = ${sqlText(stageUrl(bucket))}`,
    `STORAGE_INTEGRATION = ${storageIntegration}`,
    'FILE_FORMAT = (TYPE = PARQUET)',
  ].join(' ')
}

/** Proves that the stage that stands is on that bucket: IF NOT EXISTS keeps whatever was there. */
export async function checkStage(warehouse: Warehouse, bucket: string): Promise<void> {
  const [schema = '', name = ''] = rawZoneStage.split('.')
  const stages = await queryRows(warehouse, {
    sql: `SHOW STAGES LIKE '${name}' IN SCHEMA ${schema}`,
    row: z.object({ name: z.string(), url: z.string() }),
  })
  const stage = stages.find((candidate) => candidate.name === name)
  if (!stage) throw new ConfigError('no_stage', `there is no stage ${rawZoneStage}; run \`migrate\``)
  if (stage.url === stageUrl(bucket)) return
  throw new ConfigError(
    'stage_url',
    `stage ${rawZoneStage} reads ${stage.url}, CX_RAW_BUCKET is ${bucket}; set the right bucket, or drop the stage and run \`migrate\``,
  )
}

function stageUrl(bucket: string): string {
  return `s3://${bucket}/`
}
