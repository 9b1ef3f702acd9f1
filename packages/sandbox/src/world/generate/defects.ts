import type { DatasetName } from '../world.ts'

/** A way in which a row breaks its contract. */
export type Defect =
  | 'bad_timestamp'
  | 'bad_agent_id'
  | 'bad_customer_id'
  | 'bad_birth_date'
  | 'missing_required'
  | 'repeated_key'
  | 'other_day'
  | 'too_few_fields'
  | 'too_many_fields'
  | 'invalid_utf8'
  | 'lone_surrogate'

/**
 * The defects each file can hold. A Postgres text column holds any value but no ragged row and no invalid byte; a
 * JSON text cannot be ragged, but its escapes can spell half a character.
 */
const defectsOf: Readonly<Record<Exclude<DatasetName, 'agents'>, readonly Defect[]>> = {
  customers: [
    'bad_customer_id',
    'repeated_key',
    'bad_birth_date',
    'too_many_fields',
    'missing_required',
    'invalid_utf8',
    'too_few_fields',
  ],
  call_logs: [
    'bad_timestamp',
    'bad_agent_id',
    'repeated_key',
    'too_few_fields',
    'invalid_utf8',
    'missing_required',
    'other_day',
    'too_many_fields',
  ],
  social_media: ['repeated_key', 'bad_timestamp', 'bad_agent_id', 'missing_required', 'other_day', 'lone_surrogate'],
  web_forms: ['bad_agent_id', 'repeated_key', 'bad_timestamp', 'missing_required', 'other_day'],
}

/** Rows whose place in their hundred is this are never used for anything else. */
export const defectPlace = 53

/** Well under the 1 % of a delivery above which a contract publishes nothing. */
const largestRatio = 0.004

/**
 * Which rows of a file are bad, and how: spread over the file, at most two of a kind, at least one.
 * Days start with another kind, so that a world of several small days still holds most of them.
 */
export function planDefects(
  dataset: keyof typeof defectsOf,
  rows: number,
  dayIndex: number,
): ReadonlyMap<number, Defect> {
  const kinds = defectsOf[dataset]
  const total = Math.max(1, Math.min(2 * kinds.length, Math.floor(rows * largestRatio)))
  const plan = new Map<number, Defect>()
  for (let index = 0; index < total; index++) {
    const middle = Math.floor(((index + 0.5) * rows) / total)
    plan.set(middle - (middle % 100) + defectPlace, kinds[(index + dayIndex * total) % kinds.length] as Defect)
  }
  return plan
}
