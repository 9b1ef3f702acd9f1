import { numberSetting, optionalSetting, rawZoneSettings, sourceAccountSettings } from '@coretelecoms/core'
import { z } from 'zod'

/** Settings of this app. */
export const settings = rawZoneSettings.extend(sourceAccountSettings.shape).extend({
  AWS_ENDPOINT_URL_SSM: optionalSetting({
    description: 'Endpoint of SSM, to run against an emulator.',
    example: 'http://127.0.0.1:4566',
  }),
  CX_DATABASE_PARAMETERS_PATH: z
    .string()
    .startsWith('/', 'does not start with /')
    .default('/coretelecomms/database/')
    .meta({
      description: 'SSM path in the source account that leads to the database: db_host and so on lie below it.',
      example: '/coretelecomms/database/',
    }),
  CX_DATABASE_STATEMENT_TIMEOUT_MS: numberSetting({
    description: 'Milliseconds after which a statement that does not end is stopped by the server.',
    example: '300000',
    default: 300_000,
    min: 1000,
    max: 86_400_000,
  }),
})

/** The settings of a run. */
export type Settings = z.infer<typeof settings>
