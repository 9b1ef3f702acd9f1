import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { fault, GoogleError, notFound } from './google-error.ts'
import { publicKeyOf, type ServiceAccountKey } from './service-account.ts'
import { createSpreadsheetsApi } from './spreadsheets-api.ts'
import { createTokenExchange, TokenError } from './token-exchange.ts'

/** Where the statuses of the next answers can be put, as a JSON list: `[429, 500]`. Not part of Google's API. */
export const faultsPath = '/sandbox/faults'

/** Answers as soon as the server runs. Not part of Google's API. */
export const healthPath = '/sandbox/health'

const statuses = z.array(z.int().min(400).max(599))

/**
 * Makes a server of the Google Sheets API, as far as reading goes, and of the token endpoint that service accounts use.
 * It does not listen yet.
 */
export function createSheetsServer(options: {
  /** JSON file with the spreadsheet, read anew for each request. */
  dataFile: string
  /** The account that may log in. */
  account: ServiceAccountKey
}): Server {
  const { dataFile, account } = options
  const publicKeys = new Map([[account.client_email, publicKeyOf(account)]])
  const tokens = createTokenExchange({ publicKeys, tokenUri: account.token_uri })
  const api = createSpreadsheetsApi(dataFile)
  let faults: number[] = []

  async function answer(request: IncomingMessage): Promise<unknown> {
    const url = new URL(request.url ?? '/', account.token_uri)
    if (request.method === 'POST' && url.pathname === new URL(account.token_uri).pathname) {
      return tokens.exchange(new URLSearchParams(await text(request)))
    }
    if (request.method === 'PUT' && url.pathname === faultsPath) {
      faults = statuses.parse(JSON.parse(await text(request)))
      return { faults }
    }
    if (request.method !== 'GET') throw notFound()
    if (url.pathname === faultsPath) return { faults }
    if (url.pathname === healthPath) return { status: 'ok' }
    const status = faults.shift()
    if (status !== undefined) throw fault(status)
    return api.get(url, authenticate(request))
  }

  function authenticate({ headers }: IncomingMessage): NonNullable<ReturnType<typeof tokens.find>> {
    const bearer = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1]
    if (bearer === undefined) {
      throw new GoogleError(
        403,
        'PERMISSION_DENIED',
        "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.",
      )
    }
    const token = tokens.find(bearer)
    if (token) return token
    throw new GoogleError(
      401,
      'UNAUTHENTICATED',
      'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.',
    )
  }

  return createServer((request, response) => {
    answer(request).then(
      (body) => send(response, 200, body),
      (error: unknown) => sendError(response, error),
    )
  })
}

function sendError(response: ServerResponse, error: unknown): void {
  if (error instanceof GoogleError) send(response, error.httpStatus, error)
  else if (error instanceof TokenError) send(response, 400, error)
  else {
    // Ours, not Google's: what went wrong belongs into the log of the server.
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
    send(response, 500, fault(500))
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8' }).end(JSON.stringify(body))
}
