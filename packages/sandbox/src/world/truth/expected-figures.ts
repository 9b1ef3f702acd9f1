import { count } from '../count.ts'
import { dailyDatasetNames, findFile } from '../world.ts'
import type { World } from '../world.ts'
import { channelOf, openComplaintBook } from './complaint-book.ts'
import type { ComplaintBook, ComplaintState } from './complaint-book.ts'
import { repairedDomain, stateCode } from './customer-facts.ts'
import { judgeDelivery } from './judge-delivery.ts'
import type { DeliveryCounts, JudgePolicy } from './judge-delivery.ts'

/** A delivered file with what staging keeps of it: its rows that no later day delivers again. */
export interface DeliveryFigures extends DeliveryCounts {
  readonly stagedRows: number
  readonly deduplicatedRows: number
}

/** Complaints as one day delivered them, of one channel and category (agg_daily_cx). */
export interface DailyFigures {
  readonly day: string
  readonly channel: string
  readonly category: string
  readonly total: number
  readonly resolved: number
  readonly open: number
  readonly medianResolutionHours: number | null
}

/** What the warehouse must say about a world, worked out from its files without the platform and without SQL. */
export interface ExpectedFigures {
  /** Customers and agents first, then by day and dataset. */
  readonly deliveries: readonly DeliveryFigures[]
  /** Over the latest state of every complaint. */
  readonly complaints: {
    readonly total: number
    readonly byChannel: Readonly<Record<string, number>>
    readonly byCategory: Readonly<Record<string, number>>
    readonly byStatus: Readonly<Record<string, number>>
    readonly resolved: number
    readonly open: number
    readonly resolutionRate: number | null
    /** Web and social media, Resolved. */
    readonly medianResolutionHours: number | null
    readonly statusChanges: number
    readonly unknownCustomers: number
    readonly unknownAgents: number
  }
  readonly daily: readonly DailyFigures[]
  /** Customers that landed, by repaired domain and by state code; those without one count under ''. */
  readonly customers: {
    readonly total: number
    readonly byEmailDomain: Readonly<Record<string, number>>
    readonly byStateCode: Readonly<Record<string, number>>
  }
  readonly agents: { readonly total: number }
}

/**
 * Works out what the marts must hold for a world, generated or not, from its files alone. It holds every complaint
 * and customer id, so it is for worlds of a test's size (the full one takes gigabytes).
 */
export async function expectedFigures(world: World, policy: JudgePolicy = {}): Promise<ExpectedFigures> {
  const customers = await judgeStatic(world, 'customers', policy)
  const agents = await judgeStatic(world, 'agents', policy)
  const book = openComplaintBook()
  const counts: DeliveryCounts[] = [customers.counts, agents.counts]
  const published = new Map<string, number>()
  for (const day of world.days) {
    for (const dataset of dailyDatasetNames) {
      const file = findFile(world, dataset, day)
      if (!file) continue
      const delivery = await judgeDelivery(file, policy, published.get(dataset))
      if (delivery.counts.refusal === undefined) published.set(dataset, delivery.counts.sourceRows)
      counts.push(delivery.counts)
      book.enter(dataset, day, delivery.landed)
    }
  }
  const knownCustomers = new Set(customers.landed.map((values) => values.get('customer_id') ?? ''))
  const knownAgents = new Set(agents.landed.map((values) => values.get('agent_id') ?? ''))
  return {
    deliveries: counts.map((delivery) => withStaging(delivery, book)),
    complaints: summarize(book, knownCustomers, knownAgents),
    daily: summarizeDays(book.states),
    customers: {
      total: customers.landed.length,
      byEmailDomain: tally(customers.landed, (values) => repairedDomain(values.get('email')) ?? ''),
      byStateCode: tally(customers.landed, (values) => stateCode(values.get('address')) ?? ''),
    },
    agents: { total: agents.landed.length },
  }
}

async function judgeStatic(world: World, dataset: 'customers' | 'agents', policy: JudgePolicy) {
  const file = findFile(world, dataset)
  if (!file) throw new TypeError(`a world without a file of ${dataset} is not complete`)
  return judgeDelivery(file, policy)
}

function withStaging(counts: DeliveryCounts, book: ComplaintBook): DeliveryFigures {
  if (counts.day === undefined) return { ...counts, stagedRows: counts.landedRows, deduplicatedRows: 0 }
  const channel = channelOf[counts.dataset as keyof typeof channelOf]
  let stagedRows = 0
  for (const state of book.latest.values()) {
    if (state.channel === channel && state.deliveredOn === counts.day) stagedRows++
  }
  return { ...counts, stagedRows, deduplicatedRows: counts.landedRows - stagedRows }
}

function summarize(
  book: ComplaintBook,
  knownCustomers: ReadonlySet<string>,
  knownAgents: ReadonlySet<string>,
): ExpectedFigures['complaints'] {
  const states = [...book.latest.values()]
  const resolved = states.filter((state) => state.isResolved).length
  return {
    total: states.length,
    byChannel: tally(states, (state) => state.channel),
    byCategory: tally(states, (state) => state.category),
    byStatus: tally(states, (state) => state.status),
    resolved,
    open: states.length - resolved,
    resolutionRate: states.length === 0 ? null : resolved / states.length,
    medianResolutionHours: median(states.flatMap((state) => state.resolutionHours ?? [])),
    statusChanges: book.statusChanges(),
    unknownCustomers: states.filter((state) => !knownCustomers.has(state.customerId)).length,
    unknownAgents: states.filter((state) => !knownAgents.has(state.agentId)).length,
  }
}

function summarizeDays(states: readonly ComplaintState[]): DailyFigures[] {
  const groups = Map.groupBy(states, ({ deliveredOn, channel, category }) =>
    JSON.stringify([deliveredOn, channel, category]),
  )
  return [...groups.values()].map((group) => {
    const { deliveredOn, channel, category } = group[0] as ComplaintState
    const resolved = group.filter((state) => state.isResolved).length
    const medianResolutionHours = median(group.flatMap((state) => state.resolutionHours ?? []))
    const total = group.length
    return { day: deliveredOn, channel, category, total, resolved, open: total - resolved, medianResolutionHours }
  })
}

function tally<Item>(items: readonly Item[], name: (item: Item) => string): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const item of items) count(counts, name(item))
  return counts
}

/** The middle value, or the mean of the two in the middle; null of none. */
function median(values: readonly number[]): number | null {
  if (values.length === 0) return null
  const sorted = values.toSorted((left, right) => left - right)
  const upper = sorted[Math.floor(sorted.length / 2)] as number
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] as number
  return (upper + lower) / 2
}
