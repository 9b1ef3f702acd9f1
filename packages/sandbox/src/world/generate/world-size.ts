import { ConfigError } from '@coretelecoms/core'
import { addDays, isCalendarDay } from '../calendar.ts'
import type { DailyDatasetName } from '../world.ts'

/** What a generated world is made from; the same options give the same bytes. */
export interface WorldOptions {
  /** A whole number from 0 to 2^32 - 1. Default 1. */
  readonly seed: number
  /** Days of deliveries, 1 to 365. Default 3. */
  readonly days: number
  /** Share of the real volume, above 0 up to 1. Default 0.01. */
  readonly scale: number
  /** YYYY-MM-DD. Default 2025-11-20, the first day that the real sources have. */
  readonly firstDay: string
}

/** Rows of each file of a world. */
export type WorldSize = Readonly<Record<DailyDatasetName | 'customers', number>>

/** Rows of the real sources (SOURCES: Where): customers in all, the others a day. */
export const fullSize: WorldSize = {
  customers: 2_500_000,
  call_logs: 379_000,
  social_media: 38_000,
  web_forms: 279_000,
}

/** Below these, one bad row would be more than a contract lets through. */
const smallestSize: WorldSize = { customers: 1000, call_logs: 250, social_media: 250, web_forms: 250 }

/** Fills in the defaults; throws a ConfigError that lists every option out of range. */
export function resolveWorldOptions(options: Partial<WorldOptions>): WorldOptions {
  const { seed = 1, days = 3, scale = 0.01, firstDay = '2025-11-20' } = options
  const faults: string[] = []
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffff_ffff) faults.push('seed is a whole number, 0 to 4294967295')
  if (!Number.isInteger(days) || days < 1 || days > 365) faults.push('days is a whole number, 1 to 365')
  if (!(scale > 0 && scale <= 1)) faults.push('scale is a number above 0, up to 1')
  if (!isCalendarDay(firstDay)) faults.push('firstDay is a day of the calendar, YYYY-MM-DD')
  if (faults.length > 0) throw new ConfigError('world_options', `world options: ${faults.join('; ')}`)
  return { seed, days, scale, firstDay }
}

/** The days of a world, ascending. */
export function worldDays(options: WorldOptions): string[] {
  return Array.from({ length: options.days }, (_, index) => addDays(options.firstDay, index))
}

/** Rows of each file at the scale of a world. */
export function worldSize(options: WorldOptions): WorldSize {
  const rows = (name: keyof WorldSize) => Math.max(smallestSize[name], Math.round(fullSize[name] * options.scale))
  return {
    customers: rows('customers'),
    call_logs: rows('call_logs'),
    social_media: rows('social_media'),
    web_forms: rows('web_forms'),
  }
}
