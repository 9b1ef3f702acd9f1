import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { requireHttpAnswer } from '../../supervisor/http-answer.ts'
import { sandboxLayout } from '../../supervisor/layout.ts'
import { choosePort, loopbackHost } from '../../supervisor/port.ts'
import { startProcess } from '../../supervisor/process.ts'
import type { RunningService, ServiceOptions } from '../../supervisor/service.ts'

const name = 'snowflake'
const pythonFolder = fileURLToPath(new URL('../../../python', import.meta.url))

/** The database that the emulator makes, as its one file is called. */
export const warehouseDatabase = 'CORETELECOMS'

/** A user and one of its public keys. */
export interface SnowflakeUser {
  name: string
  /** SPKI in PEM. A user may stand in the list twice, with the old and the new key. */
  publicKeyFile: string
}

/** How the emulator is started. */
export interface SnowflakeOptions extends ServiceOptions {
  /** Python of the environment `emulator`. */
  python: string
  /**
   * The environment variables by which external stages are read: a session of the role `snowflake-storage`, which
   * stands for a storage integration.
   */
  storageEnvironment: Readonly<Record<string, string>>
  users: readonly SnowflakeUser[]
  /** How long another session's transaction may be silent before it is rolled back for one that waits. Default 10. */
  abandonedAfterSeconds?: number | undefined
}

/** The Snowflake emulator, running. */
export interface SnowflakeService extends RunningService {
  readonly pid: number
  readonly host: string
  readonly port: number
  readonly url: string
  /** The database's file: another process may open it once the service has stopped. */
  readonly databaseFile: string
}

/**
 * Starts the Snowflake emulator and waits until it answers. Its tables are there again at the
 * next start; stages are not, and are made again by `CREATE STAGE IF NOT EXISTS`. Throws a ServiceError with the end of
 * its log when it does not start.
 */
export async function startSnowflake(options: SnowflakeOptions): Promise<SnowflakeService> {
  const {
    python,
    sandboxDirectory,
    storageEnvironment,
    users,
    abandonedAfterSeconds,
    signal,
    bind = loopbackHost,
  } = options
  const layout = sandboxLayout(sandboxDirectory)
  const dataDirectory = layout.data(name)
  const temporaryDirectory = layout.data('snowflake-temporary')
  await Promise.all([dataDirectory, temporaryDirectory].map((folder) => mkdir(folder, { recursive: true })))
  const port = await choosePort(name, options)
  const url = `http://${loopbackHost}:${port}`
  const server = await startProcess({
    name,
    command: python,
    args: [
      ...['-m', 'emulator', '--host', bind, '--port', String(port), '--data', dataDirectory],
      ...['--database', warehouseDatabase],
      ...users.flatMap((user) => ['--user', `${user.name}=${user.publicKeyFile}`]),
      ...(abandonedAfterSeconds === undefined ? [] : ['--abandoned-after', String(abandonedAfterSeconds)]),
    ],
    env: {
      ...storageEnvironment,
      PATH: process.env['PATH'] ?? '',
      TMPDIR: temporaryDirectory,
      PYTHONPATH: pythonFolder,
      PYTHONUNBUFFERED: '1',
    },
    logFile: layout.log(name),
    runDirectory: layout.run,
    health: () => requireHttpAnswer(`${url}/health`),
    signal,
  })
  return {
    name,
    pid: server.pid,
    host: loopbackHost,
    port,
    url,
    endpoints: { snowflake: url },
    databaseFile: join(dataDirectory, `${warehouseDatabase}.duckdb`),
    stop: () => server.stop(),
  }
}
