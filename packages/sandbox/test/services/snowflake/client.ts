import { createPrivateKey } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import snowflake, { type Bind, type ConnectionOptions } from 'snowflake-sdk'
import type { KeyPairFiles } from '../../../src/services/snowflake/key-pair.ts'

const silent = (): void => undefined
process.env['SNOWFLAKE_DISABLE_PLATFORM_DETECTION'] = 'true'
process.env['SNOWFLAKE_DISABLE_MINICORE'] = 'true'
snowflake.configure({
  logLevel: 'ERROR',
  customLogger: { error: silent, warn: silent, info: silent, debug: silent, trace: silent },
})

/** A row, by the names of its columns in upper case; numbers and dates as text. */
export type Row = Record<string, unknown>

/** A session with the emulator, through Snowflake's own driver. */
export interface Session {
  run(sqlText: string, binds?: readonly unknown[]): Promise<Row[]>
  /** Runs a statement and takes it back at once. */
  runAndCancel(sqlText: string, afterMs: number): Promise<Row[]>
  close(): Promise<void>
}

/** What a session is opened with. */
export interface SessionOptions {
  url: string
  user: string
  keys: KeyPairFiles
  /** More for the driver, or other than the default. */
  more?: Partial<ConnectionOptions>
}

/** Logs in by key pair. */
export async function openSession({ url, user, keys, more }: SessionOptions): Promise<Session> {
  const privateKey = createPrivateKey(await readFile(keys.privateKeyFile, 'utf8'))
  const connection = snowflake.createConnection({
    account: 'sandbox',
    username: user,
    authenticator: 'SNOWFLAKE_JWT',
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    accessUrl: url,
    database: 'CORETELECOMS',
    schema: 'RAW',
    warehouse: 'CX_WH',
    role: user,
    queryTag: 'test',
    sfRetryMaxLoginRetries: 0,
    fetchAsString: ['Number', 'Date'],
    representNullAsStringNull: false,
    ...more,
  })
  // Not connectAsync(): without a callback it resolves when the login is refused.
  await new Promise<void>((resolve, reject) => {
    connection.connect((error) => (error ? reject(error) : resolve()))
  })
  const start = (sqlText: string, binds: readonly unknown[] = []): { rows: Promise<Row[]>; cancel(): void } => {
    const { promise, resolve, reject } = Promise.withResolvers<Row[]>()
    const statement = connection.execute({
      sqlText,
      binds: binds as Bind[],
      complete: (error, _, rows) => (error ? reject(error) : resolve((rows ?? []) as Row[])),
    })
    return { rows: promise, cancel: () => statement.cancel() }
  }
  return {
    run: (sqlText, binds) => start(sqlText, binds).rows,
    async runAndCancel(sqlText, afterMs) {
      const { rows, cancel } = start(sqlText)
      setTimeout(cancel, afterMs)
      return rows
    },
    close: () => new Promise((resolve) => connection.destroy(() => resolve())),
  }
}
