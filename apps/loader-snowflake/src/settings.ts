import { numberSetting, optionalSetting, rawZoneSettings, requiredSetting } from '@coretelecoms/core'
import { z } from 'zod'

/** Settings of every command: the account, who logs in, and the raw zone that the stage reads. */
export const loaderSettings = rawZoneSettings.extend({
  CX_SNOWFLAKE_ACCOUNT: requiredSetting({
    description: 'Snowflake account, as in its address.',
    example: 'sandbox',
  }),
  CX_SNOWFLAKE_USER: requiredSetting({ description: 'User that logs in with a key pair.', example: 'CX_LOADER' }),
  CX_SNOWFLAKE_PRIVATE_KEY_FILE: requiredSetting({
    description: "File with that user's private key, PKCS #8 in PEM, not encrypted.",
    example: '/run/secrets/cx_loader.p8',
  }),
  CX_SNOWFLAKE_ROLE: requiredSetting({ description: 'Role that the session takes.', example: 'CX_LOADER' }),
  CX_SNOWFLAKE_WAREHOUSE: requiredSetting({ description: 'Warehouse that does the work.', example: 'CX_LOAD' }),
  CX_SNOWFLAKE_DATABASE: requiredSetting({
    description: 'Database that holds the schemas RAW and OPS.',
    example: 'CORETELECOMS',
  }).default('CORETELECOMS'),
  CX_SNOWFLAKE_HOST: optionalSetting({
    description: 'Host of Snowflake, to run against an emulator.',
    example: '127.0.0.1',
  }),
  CX_SNOWFLAKE_PORT: numberSetting({
    description: 'Port of that host.',
    example: '443',
    default: 443,
    min: 1,
    max: 65_535,
  }),
  CX_SNOWFLAKE_PROTOCOL: z
    .enum(['https', 'http'], { error: 'is neither https nor http' })
    .default('https')
    .meta({ description: 'Protocol of that host.', example: 'https' }),
})

/** Settings of `migrate` and `check`: what the warehouse is set up with, besides. */
export const migrateSettings = loaderSettings.extend({
  CX_SNOWFLAKE_STORAGE_INTEGRATION: requiredSetting({
    description: 'Storage integration by which Snowflake reads the raw bucket.',
    example: 'CX_RAW_ZONE',
  }).regex(/^[A-Za-z_][A-Za-z0-9_$]*$/, 'is not a plain name'),
  CX_PSEUDONYM_KEY_PARAMETER: requiredSetting({
    description: 'SSM parameter with the key that the marts hash personal data with.',
    example: '/coretelecoms/warehouse/pseudonym_key',
  }).default('/coretelecoms/warehouse/pseudonym_key'),
  AWS_ENDPOINT_URL_SSM: optionalSetting({
    description: 'Endpoint of SSM, to run against an emulator.',
    example: 'http://127.0.0.1:4566',
  }),
})

/** What every command is set up with. */
export type LoaderSettings = z.infer<typeof loaderSettings>
/** What `migrate` and `check` are set up with. */
export type MigrateSettings = z.infer<typeof migrateSettings>
