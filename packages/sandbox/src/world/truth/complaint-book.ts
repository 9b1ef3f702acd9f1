import type { DailyDatasetName } from '../world.ts'
import { hoursBetween } from './accepted-text.ts'
import { datasetShapes } from './dataset-shapes.ts'
import type { JudgedRow } from './judge-row.ts'
import { spell } from './judge-row.ts'

/** The channel under which the marts count a dataset. */
export type Channel = 'call' | 'web' | 'social'

/** The dataset that each channel comes from. */
export const channelOf: Readonly<Record<DailyDatasetName, Channel>> = {
  call_logs: 'call',
  web_forms: 'web',
  social_media: 'social',
}

const openedColumn = { call: 'call_started_at', web: 'requested_at', social: 'requested_at' } as const

/** A complaint as one day delivered it. */
export interface ComplaintState {
  readonly channel: Channel
  readonly id: string
  readonly customerId: string
  readonly agentId: string
  readonly category: string
  readonly status: string
  readonly isResolved: boolean
  /** Web and social media, Resolved, with both times; undefined otherwise. */
  readonly resolutionHours: number | undefined
  readonly deliveredOn: string
}

/** Complaints over all deliveries: the latest state of each, and how it came to be. */
export interface ComplaintBook {
  /** Enters a delivery. Days must be entered in ascending order. */
  enter(dataset: DailyDatasetName, day: string, rows: readonly JudgedRow['values'][]): void
  /** The state delivered last of every complaint, by channel and id. */
  readonly latest: ReadonlyMap<string, ComplaintState>
  /** Every state in the order of delivery. */
  readonly states: readonly ComplaintState[]
  /** First deliveries, and later ones with another status. */
  statusChanges(): number
}

/** Opens an empty book. */
export function openComplaintBook(): ComplaintBook {
  const latest = new Map<string, ComplaintState>()
  const states: ComplaintState[] = []
  let statusChanges = 0
  return {
    enter(dataset, day, rows) {
      for (const values of rows) {
        const state = toState(dataset, day, values)
        const key = `${state.channel}:${state.id}`
        if (latest.get(key)?.status !== state.status) statusChanges++
        latest.set(key, state)
        states.push(state)
      }
    },
    latest,
    states,
    statusChanges: () => statusChanges,
  }
}

function toState(dataset: DailyDatasetName, day: string, values: JudgedRow['values']): ComplaintState {
  const shape = datasetShapes[dataset]
  const channel = channelOf[dataset]
  const value = (column: string) => values.get(column) ?? ''
  const status = spell(shape, 'resolution_status', value('resolution_status')) ?? ''
  const isResolved = status === 'Resolved'
  const resolvedAt = value('resolved_at')
  const hasResolution = channel !== 'call' && isResolved && resolvedAt !== ''
  return {
    channel,
    id: value(shape.key),
    customerId: value('customer_id'),
    agentId: value('agent_id'),
    category: spell(shape, 'complaint_category', value('complaint_category')) ?? '',
    status,
    isResolved,
    resolutionHours: hasResolution ? hoursBetween(value(openedColumn[channel]), resolvedAt) : undefined,
    deliveredOn: day,
  }
}
