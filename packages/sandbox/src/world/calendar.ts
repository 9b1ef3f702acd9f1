const millisecondsPerDay = 86_400_000

/** Whether a text is a day of the calendar, written YYYY-MM-DD. */
export function isCalendarDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const time = Date.parse(`${text}T00:00:00Z`)
  // Date.parse takes 30 February for 2 March in some engines; a real day prints back as itself.
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}

/** Days since 1970-01-01 of a day written YYYY-MM-DD. */
export function epochDay(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / millisecondsPerDay
}

const formattedDays = new Map<number, string>()

/** A day since 1970-01-01 as YYYY-MM-DD. */
export function formatDay(day: number): string {
  let text = formattedDays.get(day)
  if (text === undefined) {
    text = new Date(day * millisecondsPerDay).toISOString().slice(0, 10)
    formattedDays.set(day, text)
  }
  return text
}

/** The day `count` days after a day, both YYYY-MM-DD. */
export function addDays(day: string, count: number): string {
  return formatDay(epochDay(day) + count)
}

const twoDigits = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, '0'))

/** Seconds since 1970-01-01 as `YYYY-MM-DD HH:MM:SS`, without a zone, as the sources write it. */
export function formatSecond(second: number): string {
  const day = Math.floor(second / 86_400)
  const rest = second - day * 86_400
  const hour = twoDigits[Math.floor(rest / 3600)]
  const minute = twoDigits[Math.floor(rest / 60) % 60]
  return `${formatDay(day)} ${hour}:${minute}:${twoDigits[rest % 60]}`
}
