import { auth, sheets, type sheets_v4 } from '@googleapis/sheets'
import type { ServiceAccountKey } from '../../../src/services/sheets/service-account.ts'

export const readingScope = 'https://www.googleapis.com/auth/spreadsheets.readonly'

const googleTokenUri = 'https://oauth2.googleapis.com/token'

/** Google's own client, pointed at another server. */
export function createSheetsClient(options: {
  endpoint: string
  key: ServiceAccountKey
  scopes?: string[]
}): sheets_v4.Sheets {
  const { endpoint, key, scopes = [readingScope] } = options
  const client = new auth.JWT({
    email: key.client_email,
    key: key.private_key,
    scopes,
    additionalClaims: { aud: key.token_uri },
  })
  // The library always asks Google for the token, whatever the key file says.
  client.transporter.interceptors.request.add({
    resolved: (request) => {
      if (request.url.href === googleTokenUri) request.url = new URL(key.token_uri)
      return Promise.resolve(request)
    },
  })
  return sheets({ version: 'v4', auth: client, rootUrl: endpoint, retry: false })
}
