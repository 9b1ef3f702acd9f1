import postgres from 'postgres'

/** Database with the web forms. */
export const databaseName = 'coretelecoms'

/** Its schema; a table a day. */
export const schemaName = 'customer_complaints'

/** Who owns everything, and fills it. */
export const ownerName = 'cx_owner'

/** Who may read the schema and do nothing else. */
export const readerName = 'cx_reader'

/** Where a server listens, and as whom to log in. */
export interface DatabaseAccess {
  host: string
  port: number
  database: string
  username: string
  password: string
}

/** Makes a client of the sandbox's Postgres. It prepares nothing under a name, as behind a transaction-mode pooler. */
export function createPostgresClient(access: DatabaseAccess, options: { connections?: number } = {}): postgres.Sql {
  return postgres({
    ...access,
    max: options.connections ?? 1,
    prepare: false,
    connect_timeout: 5,
    // "already exists, skipping" is what we ask for.
    onnotice: () => undefined,
  })
}

/** Makes the database, the schema and the reader, or brings what is there to the same state. */
export async function prepareDatabase(owner: DatabaseAccess, readerPassword: string): Promise<void> {
  await withClient({ ...owner, database: 'postgres' }, async (sql) => {
    const [database] = await sql`select from pg_database where datname = ${databaseName}`
    if (!database) await sql`create database ${sql(databaseName)}`
    const [role] = await sql`select from pg_roles where rolname = ${readerName}`
    if (!role) await sql`create role ${sql(readerName)}`
    // A role's password cannot be a parameter. Ours is hex digits, so nothing in it could end the literal.
    await sql.unsafe(`alter role ${readerName} login connection limit 20 password '${requireHex(readerPassword)}'`)
  })
  await withClient(owner, async (sql) => {
    await sql`create schema if not exists ${sql(schemaName)}`
    // Without these anybody who can log in may make temporary tables.
    await sql`revoke all on database ${sql(databaseName)} from public`
    await sql`grant connect on database ${sql(databaseName)} to ${sql(readerName)}`
    await sql`grant usage on schema ${sql(schemaName)} to ${sql(readerName)}`
    await sql`grant select on all tables in schema ${sql(schemaName)} to ${sql(readerName)}`
    await sql`alter default privileges in schema ${sql(schemaName)} grant select on tables to ${sql(readerName)}`
  })
}

/** Throws unless the server lets this user in and answers. */
export async function requireAnswer(access: DatabaseAccess): Promise<void> {
  await withClient(access, async (sql) => {
    await sql`select 1`
  })
}

async function withClient(access: DatabaseAccess, work: (sql: postgres.Sql) => Promise<void>): Promise<void> {
  const sql = createPostgresClient(access)
  try {
    await work(sql)
  } finally {
    await sql.end({ timeout: 1 })
  }
}

function requireHex(text: string): string {
  if (!/^[0-9a-f]+$/.test(text)) throw new TypeError('the password of the reader is not made of hex digits')
  return text
}
