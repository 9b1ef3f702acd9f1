import { TransientError } from '@coretelecoms/core'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Readable } from 'node:stream'
import postgres from 'postgres'
import type { DatabaseAccess } from './database-parameters.ts'

/** One connection to the database. */
export interface DatabaseClient {
  /** Runs one statement with parameters, or several without. */
  query(text: string, parameters?: readonly string[]): Promise<Record<string, string | null>[]>
  /** Starts a COPY … TO STDOUT. The stream must be read to its end or to its error, and never be destroyed. */
  copy(text: string): Promise<Readable>
  /** Makes the server give up the statement it is at, if it still is. */
  cancel(): Promise<void>
  readonly isCut: boolean
  close(): Promise<void>
}

const connectTimeoutSeconds = 15
const keepAliveSeconds = 30
const closeTimeoutSeconds = 2

/**
 * Opens one connection, fit for a pooler in transaction mode: nothing is prepared under a name, no session state is set.
 *
 * Traps of postgres 3.4.9 that this stands around: a statement that is sent on a connection which was cut throws where
 * nobody can catch it and ends the process, so once it is cut none is sent; `query.cancel()` does nothing for a COPY, so
 * the server is asked over another connection; and a client that were asked again would silently connect anew, outside
 * of the transaction.
 */
export function createDatabaseClient(access: DatabaseAccess): DatabaseClient {
  let isCut = false
  let backend: string | undefined
  const sql = connect(access, () => (isCut = true))

  function requireConnection(): void {
    if (isCut)
      throw new TransientError('connection_cut', `the connection to the database at ${access.host} was cut; run again`)
  }

  async function query(text: string, parameters: readonly string[] = []): Promise<Record<string, string | null>[]> {
    requireConnection()
    const rows = await sql.unsafe<Record<string, string | null>[]>(text, [...parameters])
    return [...rows]
  }

  return {
    get isCut() {
      return isCut
    },
    async query(text, parameters) {
      if (backend === undefined) backend = (await query('select pg_backend_pid()::text as pid'))[0]?.['pid'] ?? ''
      return query(text, parameters)
    },
    async copy(text) {
      requireConnection()
      return sql.unsafe(text).readable()
    },
    async cancel() {
      if (isCut || backend === undefined) return
      const side = connect(access, () => undefined)
      try {
        await side.unsafe('select pg_cancel_backend($1)', [backend])
      } finally {
        await side.end({ timeout: closeTimeoutSeconds })
      }
    },
    async close() {
      // `end` waits for the server to hang up; one that is cut off never does.
      await Promise.race([
        sql.end({ timeout: closeTimeoutSeconds }),
        sleep(2 * closeTimeoutSeconds * 1000, undefined, { ref: false }),
      ])
    },
  }
}

function connect(access: DatabaseAccess, onCut: () => void): postgres.Sql {
  const { host, port, database, username, password } = access
  return postgres({
    host,
    port,
    database,
    username,
    password,
    // Encrypted where the server can, as every hosted one does.
    ssl: 'prefer',
    max: 1,
    prepare: false,
    fetch_types: false,
    connect_timeout: connectTimeoutSeconds,
    keep_alive: keepAliveSeconds,
    max_lifetime: null,
    connection: { application_name: 'extract-postgres' },
    onclose: onCut,
    onnotice: () => undefined,
  })
}
