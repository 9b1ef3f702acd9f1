import {
  type CommandContext,
  type Connection,
  createS3Client,
  createS3ObjectStore,
  parseSettings,
} from '@coretelecoms/core'
import type { ObjectDelivery } from './object.ts'
import { settings } from './settings.ts'
import { createS3Source } from './source.ts'

/** Connects to the raw zone and, by the role in the other account, to the source bucket. Throws a ConfigError. */
export async function connect(context: CommandContext): Promise<Connection<ObjectDelivery>> {
  const values = parseSettings(settings, context.environment)
  const rawClient = createS3Client({ region: values.AWS_REGION })
  const sourceClient = createS3Client({
    region: values.CX_SOURCE_REGION ?? values.AWS_REGION,
    roleArn: values.CX_SOURCE_ROLE_ARN,
    externalId: values.CX_SOURCE_EXTERNAL_ID,
  })
  return Promise.resolve({
    store: createS3ObjectStore(rawClient, values.CX_RAW_BUCKET),
    source: createS3Source(createS3ObjectStore(sourceClient, values.CX_SOURCE_BUCKET)),
  })
}
