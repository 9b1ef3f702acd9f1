import { castText } from '../contract/cast.ts'
import { ConfigError } from '../errors/config-error.ts'

const maximumDays = 3660

/**
 * Reads `YYYY-MM-DD` or `from..to` (both ends included) as a list of days. Throws a ConfigError for anything else, a
 * day that does not exist, or a range that runs backwards or over ten years.
 */
export function parseDateRange(text: string): string[] {
  const [from = '', to = from, ...more] = text.split('..')
  const first = castText('date', from)
  const last = castText('date', to)
  if (typeof first !== 'number' || typeof last !== 'number' || more.length > 0) {
    throw new ConfigError(
      'date',
      `--date ${JSON.stringify(text)} is neither a day (2025-11-20) nor a range (2025-11-20..2025-11-23)`,
    )
  }
  if (last < first || last - first >= maximumDays) {
    throw new ConfigError('date', `--date ${text}: the range runs backwards or over more than ${maximumDays} days`)
  }
  return Array.from({ length: last - first + 1 }, (_, offset) => formatDay(first + offset))
}

/** A day since 1970-01-01 as `YYYY-MM-DD`. */
export function formatDay(days: number): string {
  return new Date(days * 86_400_000).toISOString().slice(0, 10)
}
