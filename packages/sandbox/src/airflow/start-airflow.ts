import { execa } from 'execa'
import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { repositoryRoot } from '../platform/repository.ts'
import type { PythonEnvironment } from '../python/environment.ts'
import type { PostgresService } from '../services/postgres/start.ts'
import type { ServiceGroup } from '../supervisor/group.ts'
import { sandboxLayout } from '../supervisor/layout.ts'
import type { RunningProcess } from '../supervisor/process.ts'
import { keepSecret } from '../supervisor/secret.ts'
import { airflowEnvironment } from './airflow-environment.ts'
import { type AirflowApi, createAirflowApi } from './api.ts'
import { type ComponentName, startComponents } from './components.ts'
import { type Login, prepareLogin } from './login.ts'
import { prepareMetadataDatabase } from './metadata-database.ts'

/** What Airflow is started with. */
export interface StartAirflowOptions {
  readonly group: ServiceGroup
  readonly sandboxDirectory: string
  readonly postgres: PostgresService
  /** Its own Python environment, and dbt's. */
  readonly airflow: PythonEnvironment
  readonly dbt: PythonEnvironment
  /** Where its page is to be. */
  readonly port: number
  /** Folder of the settings of the steps. */
  readonly settingsDirectory: string
  /** Days of the world, ascending. */
  readonly days: readonly string[]
  /** Settings of Airflow laid over ours. */
  readonly overrides?: Readonly<Record<string, string>> | undefined
  /** Told what is being done, for people. */
  readonly onProgress?: (text: string) => void
}

/** Airflow, running. */
export interface RunningAirflow {
  readonly url: string
  readonly login: Login
  readonly api: AirflowApi
  readonly components: ReadonlyMap<ComponentName, RunningProcess>
  /** Runs a command of Airflow's own, as an operator would; throws with its words when it fails. */
  command(...words: string[]): Promise<string>
}

/** Brings Airflow's database to its version, sets up pools and the login, and starts its servers. */
export async function startAirflow(options: StartAirflowOptions): Promise<RunningAirflow> {
  const { group, sandboxDirectory, airflow, port, days, onProgress } = options
  const { signal } = group
  const layout = sandboxLayout(sandboxDirectory)
  await mkdir(layout.data('airflow'), { recursive: true })
  const password = await keepSecret(join(layout.secrets, 'airflow-database'))
  const metadata = await prepareMetadataDatabase(options.postgres.owner, password)
  const login = await prepareLogin(sandboxDirectory)
  const environment = await airflowEnvironment({
    ...{ sandboxDirectory, metadata, port, bin: airflow.bin, passwordsFile: login.passwordsFile },
    settingsDirectory: options.settingsDirectory,
    dbtPython: options.dbt.python,
    firstDay: days[0] ?? '',
    lastDay: days.at(-1) ?? '',
    overrides: options.overrides,
  })
  const command = async (...words: string[]): Promise<string> => {
    const { failed, all } = await execa(join(airflow.bin, 'airflow'), words, {
      env: environment,
      extendEnv: false,
      cwd: layout.data('airflow'),
      reject: false,
      all: true,
      stdin: 'ignore',
      cancelSignal: signal,
    })
    signal.throwIfAborted()
    if (failed) throw new Error(`airflow ${words.join(' ')} failed:\n${all}`)
    return all
  }
  onProgress?.('database')
  await migrateOnce({ file: join(layout.data('airflow'), 'migrated'), migrate: () => command('db', 'migrate') })
  onProgress?.('scheduler, dag-processor, triggerer, api-server')
  const starting = startComponents({ group, sandboxDirectory, bin: airflow.bin, environment, port })
  const [components] = await Promise.all([
    starting,
    command('pools', 'import', join(repositoryRoot, 'airflow', 'pools.json')),
  ])
  const url = `http://localhost:${port}`
  return { url, login, api: createAirflowApi(url, login), components, command }
}

/** Migrates when the packages are others than last time: Airflow itself takes several seconds to find nothing to do. */
async function migrateOnce({ file, migrate }: { file: string; migrate: () => Promise<unknown> }): Promise<void> {
  const packages = createHash('sha256')
    .update(await readFile(join(repositoryRoot, 'airflow', 'requirements.txt')))
    .digest('hex')
  // Beside the database in the folder of data, and gone with it.
  const before = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  })
  if (before === packages) return
  await migrate()
  await writeFile(file, packages)
}
