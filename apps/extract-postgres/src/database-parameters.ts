import { ConfigError } from '@coretelecoms/core'
import { z } from 'zod'

/** How the database is reached and which schema the tables lie in. */
export interface DatabaseAccess {
  readonly host: string
  readonly port: number
  readonly database: string
  readonly username: string
  readonly password: string
  readonly schema: string
}

const text = z.string({ error: 'is missing' }).trim().min(1, 'is empty')
// A password is taken as it is: white space may be part of it.
const parametersSchema = z.object({
  db_host: text,
  db_port: text.regex(/^\d+$/, 'is not a port').transform(Number).pipe(z.number().min(1).max(65_535, 'is not a port')),
  db_name: text,
  db_username: text,
  db_password: z.string({ error: 'is missing' }).min(1, 'is empty'),
  table_schema_name: text,
})

/**
 * Reads the database's address out of the parameters below an SSM path. Throws a ConfigError that lists every one that
 * is missing or wrong, and shows the value of none.
 */
export function parseDatabaseParameters(parameters: ReadonlyMap<string, string>, path: string): DatabaseAccess {
  const parsed = parametersSchema.safeParse(Object.fromEntries(parameters))
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${path}${String(issue.path[0])} ${issue.message}`)
    throw new ConfigError(
      'database_parameters',
      `the SSM parameters that lead to the database are wrong: ${faults.join(', ')}; put them right in the source account`,
    )
  }
  const values = parsed.data
  return {
    host: values.db_host,
    port: values.db_port,
    database: values.db_name,
    username: values.db_username,
    password: values.db_password,
    schema: values.table_schema_name,
  }
}
