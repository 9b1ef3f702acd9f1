import { epochDay, formatSecond } from '../calendar.ts'
import type { DailyDatasetName } from '../world.ts'
import { openCustomers } from './customer.ts'
import type { CustomerIdentity } from './customer.ts'
import { openRandom, pick } from './random.ts'
import type { Random } from './random.ts'
import type { WorldSize } from './world-size.ts'

/** The statuses a complaint is made with, a quarter each. */
export const statuses = ['Resolved', 'Backlog', 'In-Progress', 'Blocked'] as const
const categories = ['Technician Support', 'Payments', 'Router Delivery', 'Network Failure'] as const
const media = ['Facebook', 'Twitter', 'Instagram', 'LinkedIn'] as const

/** A complaint in one delivered state. Every value is the text that the source writes; agent ids are numbers. */
export interface Complaint {
  id: string
  customerId: string
  isCustomerUnknown: boolean
  category: string
  agentId: string
  isAgentUnknown: boolean
  status: string
  startedAt: string
  /** End of a call, whatever its status. */
  endedAt: string
  /** '' unless Resolved. */
  resolvedAt: string
  medium: string
}

/** Makes a complaint from its channel, the day (from 0) it was first delivered on and its place in that delivery. */
export interface ComplaintFactory {
  make(dayIndex: number, place: number): Complaint
  /** Puts a complaint into another state, with its resolution where that state is Resolved. */
  changeStatus(complaint: Complaint, status: string, salt: number): Complaint
}

/** What the complaints of a channel are made under. */
export interface ComplaintOptions {
  seed: number
  dataset: DailyDatasetName
  size: WorldSize
  days: readonly string[]
}

const idEndings = ['ak', 'gd', 'wq', 'ad']
const idJoints = ['K', 'Q', 'X']
/** Events lie in the ten months that end this long before the delivery, so that each resolution does too. */
const newestEventDays = 27
const eventWindowDays = 303
const longestResolutionMinutes = 26 * 24 * 60

/** Opens the complaints of a channel: customers come from the universe of the seed, one in 200 from outside it. */
export function openComplaints(options: ComplaintOptions): ComplaintFactory {
  const { seed, dataset, size, days } = options
  const customers = openCustomers(seed)
  const lags = openRandom(seed, `${dataset}/lags`)
  const streams = days.map((day) => openRandom(seed, `${dataset}/${day}`))

  function make(dayIndex: number, place: number): Complaint {
    const random = streams[dayIndex] as Random
    random.seek(place)
    const isCustomerUnknown = place % 200 === 71
    const isAgentUnknown = place % 1000 === 83
    const drawn = random.below(size.customers)
    const customer = customers.identify(isCustomerUnknown ? size.customers + drawn : drawn)
    const started = firstSecond(days[dayIndex] as string) + random.below(eventWindowDays * 86_400)
    const status = pick(random, statuses)
    return {
      id: dataset === 'web_forms' ? makeWebId(random, customer) : makeNamedId(random, customer, dataset),
      customerId: customer.customerId,
      isCustomerUnknown,
      category: pick(random, categories),
      agentId: String(isAgentUnknown ? 1100 + random.below(5) : 1000 + random.below(100)),
      isAgentUnknown,
      status,
      startedAt: formatSecond(started),
      endedAt: formatSecond(started + 60 * (4 + random.below(10))),
      resolvedAt: status === 'Resolved' ? formatSecond(started + 60 * random.below(longestResolutionMinutes)) : '',
      medium: pick(random, media),
    }
  }

  function changeStatus(complaint: Complaint, status: string, salt: number): Complaint {
    if (status !== 'Resolved') return { ...complaint, status, resolvedAt: '' }
    lags.seek(salt)
    const started = Date.parse(`${complaint.startedAt.replace(' ', 'T')}Z`) / 1000
    return { ...complaint, status, resolvedAt: formatSecond(started + 60 * lags.below(longestResolutionMinutes)) }
  }

  return { make, changeStatus }
}

function firstSecond(day: string): number {
  return (epochDay(day) - newestEventDays - eventWindowDays) * 86_400
}

/** Calls and social media: three letters of the name, bits of the customer's UUID, and the UUID without dashes. */
function makeNamedId(random: Random, customer: CustomerIdentity, dataset: DailyDatasetName): string {
  const hex = customer.customerId.replaceAll('-', '')
  const name = customer.firstName.slice(0, 3)
  const start = `${dataset === 'social_media' ? name.toLowerCase() : name}${twoHex(random)}${hex.slice(3, 5)}`
  return `${start}${pick(random, idJoints)}${hex}${10 + random.below(1900)}${hex.slice(23)}${makeIdEnding(random)}`
}

/** Web forms: two inner letters of the name, other bits of the UUID, the UUID without dashes. */
function makeWebId(random: Random, customer: CustomerIdentity): string {
  const hex = customer.customerId.replaceAll('-', '')
  const start = `${customer.firstName.slice(1, 3)}${twoHex(random)}${hex.slice(4, 8)}`
  return `${start}${pick(random, idJoints)}${hex}${100 + random.below(1800)}${hex.slice(23, 27)}${makeIdEnding(random)}`
}

function makeIdEnding(random: Random): string {
  return `${pick(random, idJoints)}${pick(random, idEndings)}`
}

function twoHex(random: Random): string {
  return random.below(256).toString(16).padStart(2, '0')
}
