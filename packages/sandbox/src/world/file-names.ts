import type { DailyDatasetName, DatasetName } from './world.ts'

/** What the name of a delivered file says. */
export interface NamedDelivery {
  readonly dataset: DatasetName
  /** As the name gives it, YYYY-MM-DD; not yet known to exist in a calendar. */
  readonly day: string | undefined
}

const patterns: readonly { dataset: DatasetName; pattern: RegExp }[] = [
  { dataset: 'customers', pattern: /^customers_dataset\.csv$/i },
  { dataset: 'agents', pattern: /^agents\.csv$/i },
  { dataset: 'call_logs', pattern: /^call_logs_day_(\d{4})[-_](\d{2})[-_](\d{2})\.csv$/i },
  { dataset: 'social_media', pattern: /^media_complaint_day_(\d{4})[-_](\d{2})[-_](\d{2})\.json$/i },
  { dataset: 'web_forms', pattern: /^web_form_request_(\d{4})[-_](\d{2})[-_](\d{2})\.csv$/i },
]

/** The names that a folder of sources is searched for, for messages. */
export const fileNamesLookedFor: readonly string[] = [
  'customers_dataset.csv',
  'agents.csv',
  'call_logs_day_YYYY-MM-DD.csv',
  'media_complaint_day_YYYY-MM-DD.json',
  'web_form_request_YYYY_MM_DD.csv',
]

/** Reads a file name, without regard to case; undefined where it names no delivery. */
export function parseFileName(name: string): NamedDelivery | undefined {
  for (const { dataset, pattern } of patterns) {
    const match = pattern.exec(name)
    if (match) return { dataset, day: match[1] === undefined ? undefined : match.slice(1, 4).join('-') }
  }
  return undefined
}

/** The name under which a source delivers a day of a dataset (SOURCES: Where). */
export function dailyFileName(dataset: DailyDatasetName, day: string): string {
  switch (dataset) {
    case 'call_logs':
      return `call_logs_day_${day}.csv`
    case 'social_media':
      return `media_complaint_day_${day}.json`
    case 'web_forms':
      return `web_form_request_${day.replaceAll('-', '_')}.csv`
  }
}
