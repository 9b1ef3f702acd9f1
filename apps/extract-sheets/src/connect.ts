import {
  type CommandContext,
  type Connection,
  createS3Client,
  createS3ObjectStore,
  parseSettings,
  type RecordDelivery,
} from '@coretelecoms/core'
import { readServiceAccount } from './service-account.ts'
import { settings } from './settings.ts'
import { createSpreadsheet } from './spreadsheet.ts'
import { createSheetsSource } from './source.ts'

/** Connects to the raw zone and to the spreadsheet. Throws a ConfigError. */
export async function connect(context: CommandContext): Promise<Connection<RecordDelivery>> {
  const values = parseSettings(settings, context.environment)
  const account = await readServiceAccount(values.GOOGLE_APPLICATION_CREDENTIALS)
  const spreadsheet = createSpreadsheet({
    account,
    spreadsheetId: values.CX_SHEETS_SPREADSHEET_ID,
    endpoint: values.CX_SHEETS_ENDPOINT,
    retries: values.CX_SHEETS_RETRIES,
  })
  const client = createS3Client({ region: values.AWS_REGION })
  return { store: createS3ObjectStore(client, values.CX_RAW_BUCKET), source: createSheetsSource(spreadsheet) }
}
