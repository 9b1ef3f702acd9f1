import { bucketNames, databaseParameterPath, pseudonymKeyParameter, region } from '../services/aws/topology.ts'
import type { AppName } from './run-app.ts'
import type { SandboxServices } from './start-services.ts'
import type { WarehouseUser } from './start-warehouse.ts'

/** The agents' spreadsheet, by the id that stands in its address. */
export const agentsSpreadsheetId = 'coretelecomms-agents'

/** Everything an app is told: the environment of its process, as a container would get it. */
export async function appEnvironment(app: AppName, services: SandboxServices): Promise<Record<string, string>> {
  const { aws } = services
  return {
    ...(await aws.assumeAppRole(app)),
    AWS_REGION: region,
    CX_RAW_BUCKET: bucketNames.own,
    ...ownSettings(app, services),
  }
}

/**
 * What the loader is told for `migrate` and `check`: who owns the schemas and reads the pseudonym key. The sandbox's warehouse enforces no
 * grants and would take CX_LOADER too; Snowflake would not, and must not.
 */
export async function migrationEnvironment(services: SandboxServices): Promise<Record<string, string>> {
  return {
    ...(await services.aws.assumeAppRole('loader-snowflake-migrate')),
    AWS_REGION: region,
    CX_RAW_BUCKET: bucketNames.own,
    ...loaderSettings('CX_ADMIN', services),
  }
}

/** As whom a command of an app runs: the loader's `migrate` and `check` have an identity of their own. */
export function identityOf(app: AppName, command: string | undefined): AppName | 'loader-snowflake-migrate' {
  const isMigration = app === 'loader-snowflake' && (command === 'migrate' || command === 'check')
  return isMigration ? 'loader-snowflake-migrate' : app
}

/** What a command is told that runs under an identity. */
export function identityEnvironment(
  identity: ReturnType<typeof identityOf>,
  services: SandboxServices,
): Promise<Record<string, string>> {
  return identity === 'loader-snowflake-migrate' ? migrationEnvironment(services) : appEnvironment(identity, services)
}

function loaderSettings(user: 'CX_LOADER' | 'CX_ADMIN', services: SandboxServices): Record<string, string> {
  return {
    ...warehouseEnvironment(user, services),
    CX_SNOWFLAKE_STORAGE_INTEGRATION: 'CX_RAW_ZONE',
    CX_PSEUDONYM_KEY_PARAMETER: pseudonymKeyParameter,
  }
}

function ownSettings(app: AppName, services: SandboxServices): Record<string, string> {
  switch (app) {
    case 'extract-s3':
      return { CX_SOURCE_BUCKET: bucketNames.source }
    case 'extract-postgres':
      return { CX_DATABASE_PARAMETERS_PATH: databaseParameterPath }
    case 'extract-sheets':
      return {
        GOOGLE_APPLICATION_CREDENTIALS: services.sheets.serviceAccountFile,
        CX_SHEETS_SPREADSHEET_ID: agentsSpreadsheetId,
        CX_SHEETS_ENDPOINT: services.sheets.endpoint,
      }
    case 'loader-snowflake':
      return loaderSettings('CX_LOADER', services)
  }
}

/** How a user of the warehouse reaches it: the loader's settings, and dbt's profile reads the same names. */
export function warehouseEnvironment(user: WarehouseUser, { snowflake }: SandboxServices): Record<string, string> {
  return {
    CX_SNOWFLAKE_ACCOUNT: snowflake.account,
    CX_SNOWFLAKE_HOST: snowflake.host,
    CX_SNOWFLAKE_PORT: String(snowflake.port),
    CX_SNOWFLAKE_PROTOCOL: 'http',
    CX_SNOWFLAKE_USER: user,
    CX_SNOWFLAKE_ROLE: user,
    CX_SNOWFLAKE_PRIVATE_KEY_FILE: snowflake.privateKeyFiles[user],
    CX_SNOWFLAKE_WAREHOUSE: 'CX_WH',
    CX_SNOWFLAKE_DATABASE: 'CORETELECOMS',
  }
}
