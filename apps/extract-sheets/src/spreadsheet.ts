import { auth, sheets } from '@googleapis/sheets'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { googleFailure } from './google-failure.ts'
import type { ServiceAccount } from './service-account.ts'

/** A cell as the API hands it out unformatted: what was typed or computed. A date is the text that the sheet shows. */
export type Cell = string | number | boolean

/** A spreadsheet that is read. */
export interface Spreadsheet {
  readonly id: string
  /** Its title and the titles of its tabs. */
  describe(signal: AbortSignal): Promise<{ title: string; tabs: string[] }>
  /** The rows of a tab, without the empty cells and rows that the API cuts off at the end. */
  readRows(tab: string, signal: AbortSignal): Promise<Cell[][]>
}

/** Which spreadsheet, and who reads it. */
export interface SpreadsheetOptions {
  account: ServiceAccount
  spreadsheetId: string
  endpoint: string | undefined
  retries: number
}

const scope = 'https://www.googleapis.com/auth/spreadsheets.readonly'
const requestTimeoutMs = 60_000
const googleTokenUri = 'https://oauth2.googleapis.com/token'

const descriptionSchema = z.object({
  properties: z.object({ title: z.string() }),
  sheets: z.array(z.object({ properties: z.object({ title: z.string() }) })).default([]),
})
const valuesSchema = z.object({ values: z.array(z.array(z.union([z.string(), z.number(), z.boolean()]))).default([]) })

/** Opens a spreadsheet by Google's own client, with the login of a service account. */
export function createSpreadsheet({ account, spreadsheetId, endpoint, retries }: SpreadsheetOptions): Spreadsheet {
  const client = new auth.JWT({
    email: account.client_email,
    key: account.private_key,
    scopes: [scope],
    additionalClaims: { aud: account.token_uri },
  })
  // The library asks Google for the token, whatever the key file says; an emulator's key file says otherwise.
  client.transporter.interceptors.request.add({
    resolved: (request) => {
      if (request.url.href === googleTokenUri) request.url = new URL(account.token_uri)
      return Promise.resolve(request)
    },
  })
  const api = sheets({
    version: 'v4',
    auth: client,
    ...(endpoint === undefined ? {} : { rootUrl: endpoint }),
    retryConfig: {
      retry: retries,
      noResponseRetries: Math.min(retries, 2),
      // A quota counts requests a minute, so waiting helps; 4xx besides it do not change by waiting.
      statusCodesToRetry: [
        [429, 429],
        [500, 599],
      ],
      retryBackoff: (error, delayMs) => sleep(delayMs, undefined, { signal: error.config.signal ?? undefined }),
    },
    retry: true,
    timeout: requestTimeoutMs,
  })
  const call = { spreadsheetId, email: account.client_email }
  return {
    id: spreadsheetId,
    async describe(signal) {
      const response = await api.spreadsheets.get({ spreadsheetId }, { signal }).catch((error: unknown) => {
        throw googleFailure(error, call)
      })
      const { properties, sheets: tabs } = descriptionSchema.parse(response.data)
      return { title: properties.title, tabs: tabs.map((tab) => tab.properties.title) }
    },
    async readRows(tab, signal) {
      const request = {
        spreadsheetId,
        range: `'${tab.replaceAll("'", "''")}'`,
        majorDimension: 'ROWS',
        valueRenderOption: 'UNFORMATTED_VALUE',
        // As a serial number a date would pass for an integer: 45981 for an agent's id, or for a name.
        dateTimeRenderOption: 'FORMATTED_STRING',
      }
      const response = await api.spreadsheets.values.get(request, { signal }).catch((error: unknown) => {
        throw googleFailure(error, call)
      })
      return valuesSchema.parse(response.data).values
    },
  }
}
