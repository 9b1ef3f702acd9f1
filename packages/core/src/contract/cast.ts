import type { ColumnType } from '../datasets/define-dataset.ts'

/**
 * A value as it lands: text, an int32 as number, an int64 as bigint, a date as days and a timestamp as
 * microseconds since 1970-01-01T00:00:00 without a zone.
 */
export type CastValue = string | number | bigint

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const integerPattern = /^(?:0|-?[1-9][0-9]{0,18})$/
const datePattern = /^(\d{4})-(\d{2})-(\d{2})$/
const timestampPattern = /^(\d{4}-\d{2}-\d{2}) ([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d{1,6}))?$/
const daysInMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

const casts: Record<ColumnType, (text: string) => CastValue | undefined> = {
  string: (text) => text,
  uuid: (text) => (uuidPattern.test(text) ? text.toLowerCase() : undefined),
  int32: (text) => {
    const value = castInteger(text, 32)
    return value === undefined ? undefined : Number(value)
  },
  int64: (text) => castInteger(text, 64),
  date: castDate,
  timestamp: castTimestamp,
}

/**
 * Casts a trimmed, non-empty text of the source to the value that lands, or undefined when the contract does not
 * accept the text (CONTRACTS: type table). Strict: what it accepts prints back as the same value.
 */
export function castText(type: ColumnType, text: string): CastValue | undefined {
  return casts[type](text)
}

function castInteger(text: string, bits: 32 | 64): bigint | undefined {
  if (!integerPattern.test(text)) return undefined
  const value = BigInt(text)
  return BigInt.asIntN(bits, value) === value ? value : undefined
}

function castDate(text: string): number | undefined {
  const match = datePattern.exec(text)
  if (!match) return undefined
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])]
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > lastDay(year, month)) return undefined
  // Date.UTC takes years below 100 for 19xx, so the year is set on its own.
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  return date.getTime() / 86_400_000
}

function lastDay(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  return month === 2 && isLeap ? 29 : (daysInMonth[month - 1] ?? 0)
}

function castTimestamp(text: string): bigint | undefined {
  const match = timestampPattern.exec(text)
  if (!match) return undefined
  const days = castDate(match[1] ?? '')
  if (days === undefined) return undefined
  const seconds = BigInt(days) * 86_400n + BigInt(Number(match[2]) * 3600 + Number(match[3]) * 60 + Number(match[4]))
  return seconds * 1_000_000n + BigInt((match[5] ?? '').padEnd(6, '0'))
}
