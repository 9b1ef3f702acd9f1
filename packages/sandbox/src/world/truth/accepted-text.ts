import { isCalendarDay } from '../calendar.ts'
import type { ValueType } from './dataset-shapes.ts'

const uuid = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i
const integer = /^(0|-?[1-9]\d*)$/
const timestamp = /^(.{10}) (\d\d):(\d\d):(\d\d)(\.\d{1,6})?$/

/** Whether a contract takes a trimmed text for a value of that type. */
export function isAccepted(type: ValueType, text: string): boolean {
  switch (type) {
    case 'string':
      return true
    case 'uuid':
      return uuid.test(text)
    case 'int32':
      return integer.test(text) && Math.abs(Number(text) + 0.5) < 2 ** 31
    case 'int64':
      return integer.test(text) && BigInt(text) >= -(2n ** 63n) && BigInt(text) < 2n ** 63n
    case 'date':
      return isCalendarDay(text) && !text.startsWith('0000')
    case 'timestamp':
      return isTimestamp(text)
  }
}

function isTimestamp(text: string): boolean {
  const match = timestamp.exec(text)
  if (!match) return false
  const [, day = '', hour, minute, second] = match
  return isAccepted('date', day) && Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60
}

/** Hours from one accepted timestamp to another; negative where the second is earlier. */
export function hoursBetween(from: string, to: string): number {
  return (secondsOf(to) - secondsOf(from)) / 3600
}

function secondsOf(text: string): number {
  return Date.parse(`${text.slice(0, 10)}T${text.slice(11, 19)}Z`) / 1000 + Number(`0${text.slice(19)}`)
}

/** Trims ASCII white space only: what people typed may begin with any other space. */
export function trimSpace(text: string): string {
  return text.replace(/^[\t-\r ]+|[\t-\r ]+$/g, '')
}
