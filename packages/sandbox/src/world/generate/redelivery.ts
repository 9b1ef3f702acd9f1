import { statuses } from './complaint.ts'
import type { Complaint, ComplaintFactory } from './complaint.ts'
import { hashText } from './random.ts'

/** Rows at this place of their hundred are delivered again on later days. */
const originPlace = 11
/** Rows at this place of their hundred deliver an earlier day's complaint again: one in a hundred. */
const againPlace = 37

/** Whether the row at that place delivers an earlier complaint again. */
export function isRedelivery(dayIndex: number, place: number): boolean {
  return dayIndex > 0 && place % 100 === againPlace
}

/**
 * The complaint that a day delivers again, in a status other than the one delivered last. Several later days may
 * take up the same complaint, one that was resolved before included. Earlier states are walked through from the first
 * delivery, so nothing is held between rows.
 */
export function makeRedelivery(complaints: ComplaintFactory, dayIndex: number, place: number): Complaint {
  const hundred = Math.floor(place / 100)
  const firstDay = originDay(dayIndex, hundred)
  let complaint = complaints.make(firstDay, hundred * 100 + originPlace)
  for (let day = firstDay + 1; day <= dayIndex; day++) {
    if (originDay(day, hundred) !== firstDay) continue
    const salt = hashText(`${day}/${hundred}`)
    const step = 1 + (salt % (statuses.length - 1))
    const before = statuses.findIndex((status) => status === complaint.status)
    complaint = complaints.changeStatus(complaint, statuses[(before + step) % statuses.length] as string, salt)
  }
  return complaint
}

function originDay(dayIndex: number, hundred: number): number {
  return hashText(`origin ${dayIndex}/${hundred}`) % dayIndex
}
