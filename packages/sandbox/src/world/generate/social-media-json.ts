import type { DeliveredRow, DeliveryOptions } from './delivered-row.ts'
import { makeDeliveredRows } from './delivered-row.ts'
import { declareFile } from './declaration.ts'
import type { Piece } from './text-stream.ts'

/** The columns of a day of social media, in the source's spelling and order (SOURCES: Headers). */
const columns: readonly (readonly [header: string, value: (row: DeliveredRow) => string])[] = [
  ['complaint_id', (row) => jsonText(row.id)],
  ['customeR iD', (row) => jsonText(row.customerId)],
  // A missing value is null here, where the other sources write an empty text.
  ['COMPLAINT_catego ry', (row) => (row.category === '' ? 'null' : jsonText(row.category))],
  ['agent ID', (row) => (/^\d{4}$/.test(row.agentId) ? row.agentId : jsonText(row.agentId))],
  ['resolutionstatus', (row) => jsonText(row.status)],
  ['request_date', (row) => jsonText(row.startedAt)],
  ['resolution_date', (row) => jsonText(row.resolvedAt)],
  ['media_channel', (row) => jsonText(row.medium)],
  ['MediaComplaintGenerationDate', (row) => jsonText(row.generationDate)],
]

/**
 * The file of a day of social media, in pieces: one object a column, each `{ row index: value }` (pandas
 * `orient="columns"`), without a space or a line end. The rows are made again for each column, so none is held.
 */
export function* writeSocialMediaJson(options: DeliveryOptions): Generator<Piece> {
  let { declaration } = options
  let lead = '{'
  for (const [header, value] of columns) {
    yield `${lead}${JSON.stringify(header)}:{`
    let comma = ''
    for (const row of makeDeliveredRows({ ...options, declaration })) {
      yield `${comma}"${row.sourceIndex}":${value(row)}`
      comma = ','
    }
    yield '}'
    lead = ','
    declaration = declareFile('social_media') // the first column has declared the rows of the file already
  }
  yield '}'
}

/** Text as JSON; half of a surrogate pair comes out as its escape, which is how a source would spell it. */
function jsonText(text: string): string {
  return JSON.stringify(text)
}
