import { ConfigError, ContractError, PermissionError, type PlatformError, TransientError } from '@coretelecoms/core'
import { z } from 'zod'

const failureSchema = z.object({
  status: z.number().optional(),
  code: z.union([z.string(), z.number()]).optional(),
  response: z.object({ status: z.number(), data: z.unknown() }).optional(),
})

const disabledSchema = z.object({
  error: z.object({ details: z.array(z.looseObject({ reason: z.string().optional() })) }),
})

/** What was asked of Google, for the message. */
export interface GoogleCall {
  spreadsheetId: string
  email: string
}

/**
 * Turns a failure of Google's client into the PlatformError that tells what to do. The reason a login was refused for
 * comes as `{ error: "invalid_grant" }` with status 400 or 401.
 */
export function googleFailure(error: unknown, { spreadsheetId, email }: GoogleCall): PlatformError {
  const { status: ownStatus, response, code } = failureSchema.safeParse(error).data ?? {}
  const status = response?.status ?? ownStatus
  const name = `spreadsheet ${spreadsheetId}`
  const options = { cause: error, context: { spreadsheet: spreadsheetId, status } }
  if (status === 401 || isRefusedLogin(response?.data)) {
    return new PermissionError(
      'credentials',
      `${name}: Google refused the key of ${email}; check that the key is not deleted and that the clock is right`,
      options,
    )
  }
  if (status === 403 && isDisabled(response?.data)) {
    return new PermissionError(
      'api_disabled',
      `${name}: the Google Sheets API is switched off in the project of ${email}; switch it on there`,
      options,
    )
  }
  if (status === 403) {
    return new PermissionError(
      'not_shared',
      `${name} is not shared with ${email}; share it with that address as a viewer`,
      options,
    )
  }
  if (status === 404) {
    return new ConfigError('no_spreadsheet', `${name}: there is none; check CX_SHEETS_SPREADSHEET_ID`, options)
  }
  if (status === undefined && isUnusableKey(code)) {
    return new ConfigError(
      'service_account',
      `${name}: the private key of ${email} cannot sign; take a new key file`,
      options,
    )
  }
  if (status === 400) {
    return new ContractError('request', `${name}: Google does not understand the request for the tab`, options)
  }
  const seen = status === undefined ? `no answer (${code ?? 'unknown'})` : `HTTP ${status}`
  return new TransientError(
    'google',
    `${name} could not be read: ${seen}, also when tried again; run again later`,
    options,
  )
}

function isRefusedLogin(data: unknown): boolean {
  return z.object({ error: z.string().startsWith('invalid_') }).safeParse(data).success
}

function isDisabled(data: unknown): boolean {
  return disabledSchema.safeParse(data).data?.error.details.some(({ reason }) => reason === 'SERVICE_DISABLED') === true
}

// Thrown by Node's crypto before anything is sent.
function isUnusableKey(code: string | number | undefined): boolean {
  return typeof code === 'string' && (code.startsWith('ERR_OSSL') || code.startsWith('ERR_CRYPTO'))
}
