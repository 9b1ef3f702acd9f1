import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { sandboxLayout } from '../../supervisor/layout.ts'
import { choosePort, loopbackHost } from '../../supervisor/port.ts'
import { startProcess } from '../../supervisor/process.ts'
import { keepSecret } from '../../supervisor/secret.ts'
import type { RunningService, ServiceOptions } from '../../supervisor/service.ts'
import { findPostgresBinaries } from './binaries.ts'
import { createCluster, removeStaleLock, writeAccessRules } from './cluster.ts'
import { type DatabaseAccess, databaseName, ownerName, prepareDatabase, readerName, requireAnswer } from './database.ts'
import { commandLine, findUnprivileged } from './unprivileged.ts'

const name = 'postgres'

/** Postgres, running, with the database of the web forms. */
export interface PostgresService extends RunningService {
  readonly pid: number
  readonly port: number
  /** Fills the schema. */
  readonly owner: DatabaseAccess
  /** Reads the schema: what the source would hand out. */
  readonly reader: DatabaseAccess
}

// What a crash of the machine could destroy is made again, so nothing waits for the disk. A commit is handed to the
// kernel all the same (synchronous_commit stays on), so that what was committed outlives a kill of the server.
const settings: Readonly<Record<string, string | number>> = {
  unix_socket_directories: '',
  fsync: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: 0,
  shared_buffers: '64MB',
  max_connections: 50,
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_destination: 'stderr',
  logging_collector: 'off',
}

/**
 * Starts Postgres, also as root, and brings database, schema and roles to their state. Data
 * and passwords are kept in the sandbox's folder and are the same at the next start.
 */
export async function startPostgres(options: ServiceOptions): Promise<PostgresService> {
  const { sandboxDirectory, signal, bind = loopbackHost } = options
  const layout = sandboxLayout(sandboxDirectory)
  const dataDirectory = layout.data(name)
  await mkdir(layout.data(''), { recursive: true })
  const binaries = await findPostgresBinaries()
  const unprivileged = await findUnprivileged({ program: binaries.postgres, directory: layout.data('') })
  const ownerPassword = await keepSecret(join(layout.secrets, 'postgres-owner'))
  const readerPassword = await keepSecret(join(layout.secrets, 'postgres-reader'))
  const credentials = { username: ownerName, password: ownerPassword }
  await createCluster({ initdb: binaries.initdb, directory: dataDirectory, unprivileged, owner: credentials })
  await removeStaleLock(dataDirectory)
  await writeAccessRules(dataDirectory, bind)

  const port = await choosePort(name, options)
  const owner = { host: loopbackHost, port, database: databaseName, ...credentials }
  const reader = { ...owner, username: readerName, password: readerPassword }
  const flags = Object.entries({ ...settings, listen_addresses: bind }).flatMap(([key, value]) => [
    '-c',
    `${key}=${value}`,
  ])
  const [command, args] = commandLine(unprivileged, binaries.postgres, [
    '-D',
    dataDirectory,
    '-p',
    String(port),
    ...flags,
  ])
  const server = await startProcess({
    name,
    command,
    args,
    env: { LC_ALL: 'C', TZ: 'UTC', PATH: process.env['PATH'] ?? '' },
    logFile: layout.log(name),
    runDirectory: layout.run,
    health: () => requireAnswer({ ...owner, database: 'postgres' }),
    signal,
    // SIGTERM waits for every client to leave; SIGINT ends them and stops cleanly (postgres(1)).
    stopSignal: 'SIGINT',
    identity: unprivileged.identity,
  })
  try {
    await prepareDatabase(owner, readerPassword)
  } catch (error) {
    await server.stop()
    throw error
  }
  const address = `postgres://${readerName}@${loopbackHost}:${port}/${databaseName}`
  return { name, pid: server.pid, port, owner, reader, endpoints: { postgres: address }, stop: server.stop }
}
