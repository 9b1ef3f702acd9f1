import { databaseParameterPath } from '../aws/topology.ts'
import { type DatabaseAccess, schemaName } from './database.ts'

/** The SSM parameters, by full name, that lead a reader to the database: what the source's owners publish. */
export function databaseParameters(reader: DatabaseAccess): Record<string, string> {
  const values = {
    db_host: reader.host,
    db_port: String(reader.port),
    db_name: reader.database,
    db_username: reader.username,
    db_password: reader.password,
    table_schema_name: schemaName,
  }
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [`${databaseParameterPath}${key}`, value]))
}
