import { numberSetting, optionalSetting, rawZoneSettings, requiredSetting } from '@coretelecoms/core'
import type { z } from 'zod'

/** Settings of this app. */
export const settings = rawZoneSettings.extend({
  GOOGLE_APPLICATION_CREDENTIALS: requiredSetting({
    description: 'Key file of the service account that the spreadsheet is shared with.',
    example: '/run/secrets/google-service-account.json',
  }),
  CX_SHEETS_SPREADSHEET_ID: requiredSetting({
    description: 'Id of the spreadsheet, from its address.',
    example: '1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789',
  }),
  CX_SHEETS_ENDPOINT: optionalSetting({
    description: 'Endpoint of the Sheets API, to run against an emulator.',
    example: 'http://127.0.0.1:8085',
  }),
  CX_SHEETS_RETRIES: numberSetting({
    description: 'How often a request that met a quota or a failure on the other side is tried again.',
    example: '5',
    default: 5,
    min: 0,
    max: 10,
  }),
})

/** The settings of a run. */
export type Settings = z.infer<typeof settings>
