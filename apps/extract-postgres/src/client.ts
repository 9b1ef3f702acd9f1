import { TransientError } from '@coretelecoms/core'
import { setTimeout as sleep } from 'node:timers/promises'
import { Readable } from 'node:stream'
import postgres from 'postgres'
import type { DatabaseAccess } from './database-parameters.ts'

/** One connection to the database. */
export interface DatabaseClient {
  /** Begins a transaction by these statements. */
  begin(text: string): Promise<void>
  /** Runs one statement. */
  query(text: string, parameters?: readonly string[]): Promise<Record<string, string | null>[]>
  /** Starts a COPY … TO STDOUT. The stream must be read to its end or to its error, and never be destroyed. */
  copy(text: string): Promise<Readable>
  commit(): Promise<void>
  /** Makes the server give up the statement that the transaction is at, if it still is. */
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
 * the server is asked over another connection; a client that were asked again would silently connect anew, outside of the
 * transaction; and a COPY may fail in the very packet it starts in, before anybody has its stream.
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
    async begin(text) {
      await query(text)
      // Only now: outside of a transaction a pooler may answer from one backend and go on with another.
      backend = (await query('select pg_backend_pid()::text as pid'))[0]?.['pid'] ?? undefined
    },
    query,
    copy(text) {
      requireConnection()
      const copy = sql.unsafe(text)
      catchEarlyFailure(copy)
      return copy.readable()
    },
    async commit() {
      backend = undefined
      await query('commit')
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

/**
 * Listens for the failure of a COPY from the moment its stream exists; whoever awaits it gets it a turn later, and an
 * error that nobody listens for ends the process. The stream remembers the error for them.
 */
function catchEarlyFailure(copy: object): void {
  const query = copy as { resolve(result: unknown): void }
  const { resolve } = query
  query.resolve = (result) => {
    // It is called a second time when the server is ready again, then with a result and no stream.
    if (result instanceof Readable) result.on('error', () => undefined)
    resolve(result)
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
