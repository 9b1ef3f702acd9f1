import {
  type CommandContext,
  type Connection,
  createS3Client,
  createS3ObjectStore,
  createSsmClient,
  type CsvDelivery,
  parseSettings,
  readParameters,
} from '@coretelecoms/core'
import { parseDatabaseParameters } from './database-parameters.ts'
import { settings } from './settings.ts'
import { createPostgresSource } from './source.ts'

/**
 * Connects to the raw zone and asks the source account where the database is. Throws a ConfigError or a PermissionError;
 * the database itself is reached only when a delivery is asked for.
 */
export async function connect(context: CommandContext): Promise<Connection<CsvDelivery>> {
  const values = parseSettings(settings, context.environment)
  const path = values.CX_DATABASE_PARAMETERS_PATH
  const client = createSsmClient({
    region: values.CX_SOURCE_REGION ?? values.AWS_REGION,
    roleArn: values.CX_SOURCE_ROLE_ARN,
    externalId: values.CX_SOURCE_EXTERNAL_ID,
  })
  try {
    const access = parseDatabaseParameters(await readParameters(client, path), path)
    return {
      store: createS3ObjectStore(createS3Client({ region: values.AWS_REGION }), values.CX_RAW_BUCKET),
      source: createPostgresSource({ access, statementTimeoutMs: values.CX_DATABASE_STATEMENT_TIMEOUT_MS }),
    }
  } finally {
    client.destroy()
  }
}
