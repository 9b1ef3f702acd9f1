import type { DeliveredRow, DeliveryOptions } from './delivered-row.ts'
import { makeDeliveredRows } from './delivered-row.ts'
import { csvRecord, csvRecordWithInvalidByte } from './text-stream.ts'
import type { Piece } from './text-stream.ts'

/** Headers of a day of call logs, in the source's spelling (SOURCES: Headers). The first is a pandas index. */
export const callLogHeaders: readonly string[] = [
  '',
  'call ID',
  'customeR iD',
  'COMPLAINT_catego ry',
  'agent ID',
  'call_start_time',
  'call_end_time',
  'resolutionstatus',
  'callLogsGenerationDate',
]

/** Headers of a day of web forms, in the source's spelling. */
export const webFormHeaders: readonly string[] = [
  'Column1',
  'request_id',
  'customeR iD',
  'COMPLAINT_catego ry',
  'agent ID',
  'resolutionstatus',
  'request_date',
  'resolution_date',
  'webFormGenerationDate',
]

/** The file of a day of calls or of web forms, in pieces. */
export function* writeDailyCsv(options: DeliveryOptions): Generator<Piece> {
  const [headers, fieldsOf] =
    options.dataset === 'call_logs'
      ? ([callLogHeaders, callLogFields] as const)
      : ([webFormHeaders, webFormFields] as const)
  yield csvRecord(headers)
  for (const row of makeDeliveredRows(options)) {
    switch (row.defect) {
      case 'too_few_fields':
        yield csvRecord(fieldsOf(row).slice(0, -2))
        break
      case 'too_many_fields':
        yield csvRecord([...fieldsOf(row), 'see ticket'])
        break
      case 'invalid_utf8':
        yield csvRecordWithInvalidByte(fieldsOf({ ...row, category: 'Pay\ufffdments' }))
        break
      default:
        yield csvRecord(fieldsOf(row))
    }
  }
}

function callLogFields(row: DeliveredRow): string[] {
  const { sourceIndex, id, customerId, category, agentId, startedAt, endedAt, status, generationDate } = row
  return [String(sourceIndex), id, customerId, category, agentId, startedAt, endedAt, status, generationDate]
}

function webFormFields(row: DeliveredRow): string[] {
  const { sourceIndex, id, customerId, category, agentId, status, startedAt, resolvedAt, generationDate } = row
  return [String(sourceIndex), id, customerId, category, agentId, status, startedAt, resolvedAt, generationDate]
}
