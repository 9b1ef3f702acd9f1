import { createPostgresClient, type DatabaseAccess } from '../services/postgres/database.ts'

/** Database and role of Airflow's own state. */
const metadataName = 'airflow'

/**
 * Makes the database that Airflow keeps its state in and the role that owns it, beside the source's and out of its reach:
 * neither role may enter the other's database.
 */
export async function prepareMetadataDatabase(owner: DatabaseAccess, password: string): Promise<DatabaseAccess> {
  if (!/^[0-9a-f]+$/.test(password)) throw new TypeError('the password of the role is not made of hex digits')
  const sql = createPostgresClient({ ...owner, database: 'postgres' })
  try {
    const [role] = await sql`select from pg_roles where rolname = ${metadataName}`
    if (!role) await sql`create role ${sql(metadataName)}`
    // A role's password cannot be a parameter; nothing in hex digits could end the literal.
    await sql.unsafe(`alter role ${metadataName} login password '${password}'`)
    const [database] = await sql`select from pg_database where datname = ${metadataName}`
    if (!database) await sql`create database ${sql(metadataName)} owner ${sql(metadataName)}`
    await sql`revoke all on database ${sql(metadataName)} from public`
  } finally {
    await sql.end({ timeout: 1 })
  }
  return { ...owner, database: metadataName, username: metadataName, password }
}
