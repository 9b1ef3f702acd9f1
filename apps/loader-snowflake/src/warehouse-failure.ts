import {
  ConfigError,
  ContractError,
  PermanentError,
  PermissionError,
  PlatformError,
  TransientError,
} from '@coretelecoms/core'

/** What the driver tells of a failure. */
interface DriverFailure {
  readonly code: string
  readonly sqlState: string
  readonly text: string
}

/**
 * Turns a failure of the driver into the PlatformError that tells what to do. `doing` names the step for people. The
 * server's own words are left out where they may quote a value of a row (SQLSTATE class 22).
 */
export function warehouseFailure(error: unknown, doing: string): PlatformError {
  if (error instanceof PlatformError) return error
  const failure = readFailure(error)
  const { code, sqlState, text } = failure
  const options = { cause: error, context: { code, sql_state: sqlState } }
  if (isLoginRefusal(code)) {
    return new PermissionError(
      'login_refused',
      `${doing}: Snowflake refused the login (${code}); check the user, that its public key is the one of CX_SNOWFLAKE_PRIVATE_KEY_FILE, and that the role is granted to it`,
      options,
    )
  }
  if (code === '003001' || sqlState === '42501') {
    return new PermissionError('access_denied', `${doing}: ${text}; grant that to the role of the session`, options)
  }
  if (code === '002003' || code === '002043' || sqlState === '42S02' || sqlState === '02000') {
    return new ConfigError(
      'no_object',
      `${doing}: ${text}; run \`migrate\`, and check the database and the grants of the role`,
      options,
    )
  }
  if (sqlState.startsWith('22')) {
    return new ContractError(
      'load_refused',
      `${doing}: Snowflake could not take what it was given (${code}, SQLSTATE ${sqlState}); nothing was changed. Look the statement up in the query history by its tag`,
      options,
    )
  }
  if (sqlState.startsWith('42') || sqlState.startsWith('0A')) {
    return new PermanentError(
      'statement',
      `${doing}: Snowflake does not accept the statement (${code}): ${text}`,
      options,
    )
  }
  return new TransientError('warehouse', `${doing} failed (${code || 'no answer'}): ${text}; run again`, options)
}

function readFailure(error: unknown): DriverFailure {
  if (typeof error !== 'object' || error === null) return { code: '', sqlState: '', text: String(error) }
  const { code, sqlState, message } = error as { code?: unknown; sqlState?: unknown; message?: unknown }
  const text = typeof message === 'string' ? message.replace(/\s+/g, ' ').trim() : 'unknown failure'
  return { code: textOf(code).padStart(6, '0'), sqlState: textOf(sqlState), text: text.slice(0, 500) }
}

// 3901xx to 3949xx are the answers of the login service: unknown user, wrong key, role not granted, locked.
function isLoginRefusal(code: string): boolean {
  return /^39[0-4]\d{3}$/.test(code)
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}
