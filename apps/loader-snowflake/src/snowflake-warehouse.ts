import { createPrivateKey } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { ConfigError, TransientError } from '@coretelecoms/core'
import type { Connection } from 'snowflake-sdk'
import type { LoaderSettings } from './settings.ts'
import { warehouseFailure } from './warehouse-failure.ts'
import type { Bind, QueryTag, Row, Warehouse } from './warehouse.ts'

/** What a session is opened with. */
export interface SnowflakeOptions {
  readonly settings: LoaderSettings
  readonly tag: QueryTag
  readonly signal: AbortSignal
}

// How long a statement of one loader waits for the lock of another.
const lockTimeoutSeconds = 300
const loginRetries = 2
const silentLogger = { error: ignore, warn: ignore, info: ignore, debug: ignore, trace: ignore }

/**
 * Opens a session by key pair. Throws a ConfigError for a key file that is none, a PermissionError when the login is
 * refused, a TransientError when nobody answers.
 */
export async function openSnowflake({ settings, tag, signal }: SnowflakeOptions): Promise<Warehouse> {
  const privateKey = await readPrivateKey(settings.CX_SNOWFLAKE_PRIVATE_KEY_FILE)
  // The driver would ask the metadata services of three clouds where it runs, and load a native library for telemetry.
  process.env['SNOWFLAKE_DISABLE_PLATFORM_DETECTION'] ??= 'true'
  process.env['SNOWFLAKE_DISABLE_MINICORE'] ??= 'true'
  process.env['SF_TELEMETRY_DISABLE_CONNECTION_SHAPE'] ??= 'true'
  const { default: snowflake } = await import('snowflake-sdk')
  // Without a logger of its own it writes snowflake.log into the working directory.
  snowflake.configure({ customLogger: silentLogger, logLevel: 'ERROR' })
  const host = settings.CX_SNOWFLAKE_HOST
  const connection = snowflake.createConnection({
    account: settings.CX_SNOWFLAKE_ACCOUNT,
    username: settings.CX_SNOWFLAKE_USER,
    authenticator: 'SNOWFLAKE_JWT',
    privateKey,
    role: settings.CX_SNOWFLAKE_ROLE,
    warehouse: settings.CX_SNOWFLAKE_WAREHOUSE,
    database: settings.CX_SNOWFLAKE_DATABASE,
    application: 'coretelecoms-cx',
    queryTag: JSON.stringify(tag),
    sfRetryMaxLoginRetries: loginRetries,
    fetchAsString: ['Number', 'Date', 'Boolean'],
    representNullAsStringNull: false,
    ...(host === undefined ? {} : { host, port: settings.CX_SNOWFLAKE_PORT, protocol: settings.CX_SNOWFLAKE_PROTOCOL }),
  })
  const address = host ?? `${settings.CX_SNOWFLAKE_ACCOUNT}.snowflakecomputing.com`
  await logIn(connection, `logging in to ${address} as ${settings.CX_SNOWFLAKE_USER}`)
  const warehouse = createSession({ connection, tag, signal })
  try {
    // Instants in Parquet are UTC: a session in another zone would shift _loaded_at on its way into TIMESTAMP_NTZ.
    await warehouse.execute("ALTER SESSION SET TIMEZONE = 'UTC'")
    await warehouse.execute(`ALTER SESSION SET LOCK_TIMEOUT = ${lockTimeoutSeconds}`)
    return warehouse
  } catch (error) {
    await warehouse.close()
    throw error
  }
}

// Not by connectAsync: its promise resolves although the login failed (snowflake-sdk 3.3.0).
function logIn(connection: Connection, doing: string): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.connect((error) => {
      if (error) reject(warehouseFailure(error, doing))
      else resolve()
    })
  })
}

interface SessionOptions {
  connection: Connection
  tag: QueryTag
  signal: AbortSignal
}

function createSession({ connection, tag: firstTag, signal }: SessionOptions): Warehouse {
  let tag = JSON.stringify(firstTag)
  let isBroken = false

  async function execute(sql: string, binds: readonly Bind[] = []): Promise<Row[]> {
    if (isBroken) throw new TransientError('session_lost', 'the session in Snowflake is lost; run again')
    return runStatement({ connection, sql, binds, tag, signal })
  }

  async function rollBack(): Promise<void> {
    try {
      // Without the signal: a stopped run still gives its locks back.
      await runStatement({ connection, sql: 'ROLLBACK', binds: [], tag, signal: undefined })
    } catch {
      // The failure that led here is thrown by the caller; Snowflake rolls back what a lost session leaves open.
      isBroken = true
    }
  }

  return {
    execute,
    async transaction(work) {
      await execute('BEGIN TRANSACTION')
      try {
        const result = await work()
        signal.throwIfAborted()
        await execute('COMMIT')
        return result
      } catch (error) {
        await rollBack()
        throw error
      }
    },
    setTag(next) {
      tag = JSON.stringify(next)
    },
    async close() {
      await new Promise<void>((resolve) => {
        connection.destroy(() => resolve()) // a session that cannot be closed ends by itself on the server
      })
    },
  }
}

function runStatement(options: {
  connection: Connection
  sql: string
  binds: readonly Bind[]
  tag: string
  signal: AbortSignal | undefined
}): Promise<Row[]> {
  const { connection, sql, binds, tag, signal } = options
  signal?.throwIfAborted()
  return new Promise((resolve, reject) => {
    const statement = connection.execute({
      sqlText: sql,
      binds: [...binds],
      parameters: { QUERY_TAG: tag },
      complete(error, _, rows) {
        signal?.removeEventListener('abort', cancel)
        if (signal?.aborted) reject(signal.reason as Error)
        else if (error) reject(warehouseFailure(error, statementName(sql)))
        else resolve((rows ?? []).map(lowerCaseNames))
      },
    })
    function cancel(): void {
      statement.cancel()
    }
    signal?.addEventListener('abort', cancel, { once: true })
  })
}

function lowerCaseNames(row: Record<string, unknown>): Row {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name.toLowerCase(), value]))
}

/** The head of a statement, for messages: never a literal of it. */
function statementName(sql: string): string {
  return /^\s*((?:[A-Z_.@]+\s?)+)/.exec(sql)?.[1]?.trim() ?? 'a statement'
}

async function readPrivateKey(file: string): Promise<string> {
  try {
    const key = createPrivateKey(await readFile(file, 'utf8'))
    return key.export({ type: 'pkcs8', format: 'pem' }).toString()
  } catch (error) {
    throw new ConfigError(
      'private_key',
      `CX_SNOWFLAKE_PRIVATE_KEY_FILE: ${file} is no private key in PEM that this process may read; make one with openssl genrsa 2048 | openssl pkcs8 -topk8 -nocrypt`,
      { cause: error },
    )
  }
}

function ignore(): void {
  // The driver's failures reach us as errors; its chatter is of no use to anybody here.
}
