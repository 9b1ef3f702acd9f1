import { z } from 'zod'
import { formatCellRange, parseCellRange } from './cell-range.ts'
import { cellValues } from './cell-values.ts'
import { GoogleError, invalidArgument, notFound, permissionDenied } from './google-error.ts'
import { gridSize, readSpreadsheet, type Spreadsheet } from './spreadsheet.ts'
import type { AccessToken } from './token-exchange.ts'

/** The methods of the Sheets API that only read. */
export interface SpreadsheetsApi {
  /** Answers a GET. Throws a GoogleError. */
  get(url: URL, token: AccessToken): Promise<unknown>
}

const readingScopes = ['spreadsheets.readonly', 'spreadsheets', 'drive.readonly', 'drive'].map(
  (name) => `https://www.googleapis.com/auth/${name}`,
)

const valueOptions = z.object({
  majorDimension: z.enum(['ROWS', 'COLUMNS']).default('ROWS'),
  valueRenderOption: z.enum(['FORMATTED_VALUE', 'UNFORMATTED_VALUE']).default('FORMATTED_VALUE'),
})

const path = /^\/v4\/spreadsheets\/([^/:]+)(?:\/values(?:\/(?<range>.+)|(?<batch>:batchGet)))?$/

/** Makes the API over one spreadsheet in a file, which is read anew for each request. */
export function createSpreadsheetsApi(dataFile: string): SpreadsheetsApi {
  return {
    async get(url, token) {
      const match = path.exec(url.pathname)
      if (!match) throw notFound()
      const spreadsheet = await findSpreadsheet(dataFile, decodeURIComponent(match[1] ?? ''), token)
      const { range, batch } = match.groups ?? {}
      if (range !== undefined) return valueRange(spreadsheet, decodeURIComponent(range), url.searchParams)
      if (batch === undefined) return describe(spreadsheet)
      const ranges = url.searchParams.getAll('ranges')
      return {
        spreadsheetId: spreadsheet.spreadsheetId,
        valueRanges: ranges.map((each) => valueRange(spreadsheet, each, url.searchParams)),
      }
    },
  }
}

async function findSpreadsheet(dataFile: string, id: string, token: AccessToken): Promise<Spreadsheet> {
  if (!token.scopes.some((scope) => readingScopes.includes(scope))) {
    throw new GoogleError(403, 'PERMISSION_DENIED', 'Request had insufficient authentication scopes.')
  }
  const spreadsheet = await readSpreadsheet(dataFile)
  if (spreadsheet?.spreadsheetId !== id) throw notFound()
  if (spreadsheet.sharedWith && !spreadsheet.sharedWith.includes(token.email)) throw permissionDenied()
  return spreadsheet
}

function describe(spreadsheet: Spreadsheet): unknown {
  const { spreadsheetId, title, tabs } = spreadsheet
  return {
    spreadsheetId,
    properties: { title, locale: 'en_US', timeZone: 'Etc/UTC' },
    sheets: tabs.map((tab, index) => ({
      properties: { sheetId: index, title: tab.title, index, sheetType: 'GRID', gridProperties: gridSize(tab) },
    })),
  }
}

function valueRange(spreadsheet: Spreadsheet, text: string, query: URLSearchParams): unknown {
  const options = valueOptions.safeParse(Object.fromEntries(query))
  if (!options.success) throw invalidArgument(z.prettifyError(options.error))
  const range = parseCellRange(spreadsheet, text)
  const values = cellValues(range, options.data)
  // Google leaves `values` out when there is none.
  return {
    range: formatCellRange(range),
    majorDimension: options.data.majorDimension,
    ...(values.length > 0 ? { values } : {}),
  }
}
