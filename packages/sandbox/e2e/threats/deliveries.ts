/** Headers of the call logs as their source writes them. */
export const callHeaders = [
  '',
  'call ID',
  'customeR iD',
  'COMPLAINT_catego ry',
  'agent ID',
  'call_start_time',
  'call_end_time',
  'resolutionstatus',
  'callLogsGenerationDate',
] as const

/** Headers of the web forms' tables. */
export const webHeaders = [
  'Column1',
  'request_id',
  'customeR iD',
  'COMPLAINT_catego ry',
  'agent ID',
  'resolutionstatus',
  'request_date',
  'resolution_date',
  'webFormGenerationDate',
] as const

/** Headers of the social media document. */
export const socialHeaders = [
  'complaint_id',
  'customeR iD',
  'COMPLAINT_catego ry',
  'agent ID',
  'resolutionstatus',
  'request_date',
  'resolution_date',
  'media_channel',
  'MediaComplaintGenerationDate',
] as const

/** Headers of the agents' tab. */
export const agentHeaders = ['iD', 'NamE', 'experience', 'state'] as const

const customer = '7657eb87-0eed-4eff-bca9-5984a7d23838'
const opened = '2025-02-10 12:22:54'

/** A good row of call logs; `category` is what it complains of. */
export function callRow(date: string, id: string, category = 'Payments'): string[] {
  return ['0', id, customer, category, '1010', opened, '', 'Backlog', date]
}

/** A good row of web forms. */
export function webRow(date: string, id: string, category = 'Payments'): string[] {
  return ['0', id, customer, category, '1010', 'Backlog', opened, '', date]
}

/** A good row of social media. */
export function socialRow(date: string, id: string, category = 'Payments'): string[] {
  return [id, customer, category, '1010', 'Backlog', opened, '', 'Twitter', date]
}

/** Records as CSV with every field in quotes. */
export function csv(records: readonly (readonly string[])[]): string {
  return records.map((fields) => fields.map((field) => `"${field.replaceAll('"', '""')}"`).join(',')).join('\n') + '\n'
}

/** Records as column-oriented JSON; `rowKeys` name the rows. Written by hand, so that `__proto__` is a name. */
export function columnJson(
  headers: readonly string[],
  rows: readonly (readonly string[])[],
  rowKeys: readonly string[] = rows.map((_, index) => String(index)),
): string {
  const columns = headers.map((header, column) => {
    const entries = rows.map(
      (row, index) => `${JSON.stringify(rowKeys[index] ?? '')}:${JSON.stringify(row[column] ?? '')}`,
    )
    return `${JSON.stringify(header)}:{${entries.join(',')}}`
  })
  return `{${columns.join(',')}}`
}

/** Key of the call logs of a day. */
export const callKey = (date: string): string => `call logs/call_logs_day_${date}.csv`

/** Key of the social media of a day. */
export const socialKey = (date: string): string => `social_medias/media_complaint_day_${date}.json`
