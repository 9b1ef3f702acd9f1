import { join } from 'node:path'
import { repositoryRoot } from '../platform/repository.ts'
import { sandboxLayout } from '../supervisor/layout.ts'
import { loopbackHost } from '../supervisor/port.ts'
import { keepSecret } from '../supervisor/secret.ts'
import type { DatabaseAccess } from '../services/postgres/database.ts'

/** What Airflow's environment is made from. */
export interface AirflowEnvironmentOptions {
  readonly sandboxDirectory: string
  /** Folder of the programs of its Python environment. */
  readonly bin: string
  readonly metadata: DatabaseAccess
  readonly port: number
  /** File with the passwords of the users. */
  readonly passwordsFile: string
  /** Folder of the settings of the steps. */
  readonly settingsDirectory: string
  /** Python of dbt's environment. */
  readonly dbtPython: string
  /** First and last day of the world. */
  readonly firstDay: string
  readonly lastDay: string
  /** Laid over it: names and values as Airflow takes them. */
  readonly overrides?: Readonly<Record<string, string>> | undefined
}

/** User that may do everything. */
export const adminName = 'admin'

/** The whole environment of Airflow's processes; nothing is inherited but the search path. */
export async function airflowEnvironment(options: AirflowEnvironmentOptions): Promise<Record<string, string>> {
  const { sandboxDirectory, bin, metadata, port } = options
  const layout = sandboxLayout(sandboxDirectory)
  const secret = (name: string): Promise<string> => keepSecret(join(layout.secrets, `airflow-${name}`))
  const url = `http://localhost:${port}`
  const home = layout.data('airflow')
  const credentials = `${metadata.username}:${metadata.password}`
  return {
    // Airflow starts itself by name.
    PATH: `${bin}:${process.env['PATH'] ?? ''}`,
    HOME: home,
    LANG: 'C.UTF-8',
    PYTHONPATH: join(repositoryRoot, 'airflow'),
    PYTHONUNBUFFERED: '1',
    AIRFLOW_HOME: home,
    AIRFLOW__CORE__DAGS_FOLDER: join(repositoryRoot, 'airflow', 'dags'),
    AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
    AIRFLOW__CORE__EXECUTOR: 'LocalExecutor',
    AIRFLOW__CORE__PARALLELISM: '4',
    AIRFLOW__CORE__FERNET_KEY: fernetKey(await secret('fernet-key')),
    AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS: `${adminName}:admin`,
    AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE: options.passwordsFile,
    // Tasks report by the loopback address: `localhost` may be the other one of the two there are.
    AIRFLOW__CORE__EXECUTION_API_SERVER_URL: `http://${loopbackHost}:${port}/execution/`,
    AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: `postgresql+psycopg2://${credentials}@${metadata.host}:${metadata.port}/${metadata.database}`,
    AIRFLOW__API__HOST: loopbackHost,
    AIRFLOW__API__PORT: String(port),
    AIRFLOW__API__BASE_URL: url,
    AIRFLOW__API__WORKERS: '1',
    // A message is read whole, without scrolling to the side.
    AIRFLOW__API__DEFAULT_WRAP: 'True',
    AIRFLOW__API__SECRET_KEY: await secret('api-key'),
    AIRFLOW__API_AUTH__JWT_SECRET: await secret('token-key'),
    AIRFLOW__LOGGING__BASE_LOG_FOLDER: join(home, 'logs'),
    AIRFLOW__USAGE_DATA_COLLECTION__ENABLED: 'False',
    // Somebody looks on: a DAG that was changed shows within seconds.
    AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL: '30',
    CX_AIRFLOW_RUNNER: 'process',
    CX_AIRFLOW_REPOSITORY: repositoryRoot,
    CX_AIRFLOW_NODE: process.execPath,
    CX_AIRFLOW_DBT_PYTHON: options.dbtPython,
    CX_AIRFLOW_SETTINGS_DIRECTORY: options.settingsDirectory,
    CX_AIRFLOW_FIRST_DAY: options.firstDay,
    CX_AIRFLOW_LAST_DAY: options.lastDay,
    ...options.overrides,
  }
}

/** 32 bytes as Fernet takes them: base64 in the alphabet for addresses, padded. */
function fernetKey(hexDigits: string): string {
  return Buffer.from(hexDigits, 'hex').toString('base64').replaceAll('+', '-').replaceAll('/', '_')
}
