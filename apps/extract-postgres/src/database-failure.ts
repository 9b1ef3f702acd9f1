import { ConfigError, NotDeliveredError, PermissionError, PlatformError, TransientError } from '@coretelecoms/core'
import postgres from 'postgres'
import type { DatabaseAccess } from './database-parameters.ts'

/** What was being read when a statement failed. */
export interface FailedRead {
  readonly access: DatabaseAccess
  /** For messages: `web_forms 2025-11-20`. */
  readonly name: string
  /** `schema.table`. */
  readonly relation: string
}

type Describe = (read: FailedRead) => PlatformError

// SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html; the others are codes of Node.
const known: Readonly<Record<string, Describe>> = {
  '28P01': refusedLogin,
  '28000': refusedLogin,
  '3D000': ({ access, name }) =>
    new ConfigError(
      'no_database',
      `${name}: there is no database "${access.database}" at ${access.host}; check the SSM parameter db_name`,
    ),
  '3F000': missingSchema,
  '42P01': missingTable,
  '42501': ({ access, name, relation }) =>
    new PermissionError(
      'access_denied',
      `${name}: "${access.username}" may not read all of ${relation}; have it granted usage on the schema and select on the table, and exempted from row-level security`,
    ),
  '57014': ({ name }) =>
    new TransientError(
      'statement_timeout',
      `${name}: the database cancelled the statement; run again, and raise CX_DATABASE_STATEMENT_TIMEOUT_MS if it was the timeout`,
    ),
  ENOTFOUND: ({ access, name }) =>
    new ConfigError('no_host', `${name}: there is no host ${access.host}; check the SSM parameter db_host`),
}

/** Turns a failure of the database client into the PlatformError that tells what to do; leaves others as they are. */
export function databaseFailure(error: unknown, read: FailedRead): unknown {
  if (error instanceof PlatformError || !(error instanceof Error)) return error
  const code = 'code' in error ? String(error.code) : ''
  const isOurs = error instanceof postgres.PostgresError || code !== ''
  if (!isOurs) return error
  const failure = known[code]?.(read)
  if (failure) return Object.assign(failure, { cause: error })
  const { host, port } = read.access
  return new TransientError(
    'database',
    `${read.name}: the database at ${host}:${port} did not answer as it should (${code || error.name}); run again`,
    { cause: error, context: { code, host, port } },
  )
}

/** The schema that every table lies in is not there. */
export function missingSchema({ access, name }: FailedRead): PlatformError {
  return new ConfigError(
    'no_schema',
    `${name}: database "${access.database}" has no schema "${access.schema}"; check the SSM parameter table_schema_name`,
  )
}

/** The schema is there and the day's table is not: the day is to come. */
export function missingTable({ name, relation }: FailedRead): PlatformError {
  return new NotDeliveredError(
    'not_delivered',
    `${name} is not delivered yet: there is no table ${relation}; ask again later`,
  )
}

function refusedLogin({ access, name }: FailedRead): PlatformError {
  return new PermissionError(
    'credentials',
    `${name}: the database at ${access.host} refused the login of "${access.username}"; check the SSM parameters db_username and db_password`,
  )
}
