import { readFile } from 'node:fs/promises'
import snowflake from 'snowflake-sdk'

/** How the warehouse is reached. */
export interface WarehouseAddress {
  readonly account: string
  readonly url: string
  readonly user: string
  readonly privateKeyFile: string
  readonly database: string
}

/** A row of a result, by the column names in lower case. */
export type WarehouseRow = Readonly<Record<string, string | number | boolean | null>>

/** Asks the warehouse questions. */
export interface WarehouseClient {
  query(sqlText: string): Promise<WarehouseRow[]>
  close(): Promise<void>
}

/** Connects by key pair. Numbers come as numbers, dates and timestamps as text. */
export async function connectWarehouse(address: WarehouseAddress): Promise<WarehouseClient> {
  snowflake.configure({ logLevel: 'ERROR', additionalLogToConsole: false, logFilePath: 'STDOUT' })
  const connection = snowflake.createConnection({
    account: address.account,
    username: address.user,
    accessUrl: address.url,
    authenticator: 'SNOWFLAKE_JWT',
    privateKey: await readFile(address.privateKeyFile, 'utf8'),
    database: address.database,
    fetchAsString: ['Date'],
  })
  await new Promise<void>((resolve, reject) => connection.connect((error) => (error ? reject(error) : resolve())))
  return {
    query: (sqlText) =>
      new Promise((resolve, reject) => {
        connection.execute({
          sqlText,
          complete: (error, _, rows) => (error ? reject(error) : resolve((rows ?? []).map(lowerCaseNames))),
        })
      }),
    close: () => new Promise((resolve, reject) => connection.destroy((error) => (error ? reject(error) : resolve()))),
  }
}

function lowerCaseNames(row: Record<string, unknown>): WarehouseRow {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name.toLowerCase(), value as WarehouseRow[string]]),
  )
}
