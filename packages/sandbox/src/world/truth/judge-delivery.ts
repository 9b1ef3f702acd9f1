import { ContractError } from '@coretelecoms/core'
import { count } from '../count.ts'
import type { WorldFile } from '../world.ts'
import { datasetShapes } from './dataset-shapes.ts'
import { judgeRow } from './judge-row.ts'
import type { JudgedRow } from './judge-row.ts'
import { readSourceRows } from './source-rows.ts'

/** What one delivered file comes to. */
export interface DeliveryCounts {
  readonly dataset: WorldFile['dataset']
  readonly day: string | undefined
  readonly sourceRows: number
  readonly landedRows: number
  readonly quarantinedRows: number
  /** Reasons of quarantined rows; a row with two reasons counts under both. */
  readonly reasons: Readonly<Record<string, number>>
  /** Landed values that the contract does not list, by `allowed:<column>`. */
  readonly warnings: Readonly<Record<string, number>>
  /** Why nothing of it may be published; undefined where it is published. */
  readonly refusal: string | undefined
}

/** Which deliveries are refused. */
export interface JudgePolicy {
  /** Quarantined rows / rows of the source above which nothing is published. Default 0.01. */
  readonly maxQuarantinedRatio?: number
  /** Rows of the source / rows of the last published delivery of the dataset below which nothing is published. Default 0.5. */
  readonly minRowRatio?: number
}

/** A judged delivery with the rows that land, in source order; a refused one lands none. */
export interface JudgedDelivery {
  readonly counts: DeliveryCounts
  readonly landed: readonly JudgedRow['values'][]
}

/**
 * Applies its contract to a delivered file, as docs/contracts.md says to the letter; `rowsBefore` are the rows of the
 * last published delivery of its dataset.
 */
export async function judgeDelivery(
  file: WorldFile,
  policy: JudgePolicy = {},
  rowsBefore = 0,
): Promise<JudgedDelivery> {
  const { dataset, day } = file
  const shape = datasetShapes[dataset]
  const counts = { sourceRows: 0, quarantinedRows: 0, reasons: {}, warnings: {} }
  const landed: JudgedRow['values'][] = []
  const keys = new Set<string>()
  try {
    for await (const row of readSourceRows(file)) {
      counts.sourceRows++
      const judged = judgeRow(shape, row, day)
      const key = judged.values.get(shape.key) ?? ''
      // Only among rows that are good otherwise is a key taken: a bad row before does not block a good one.
      const reasons = judged.reasons.length === 0 && keys.has(key) ? ['repeated_key'] : judged.reasons
      for (const reason of reasons) count(counts.reasons, reason)
      if (reasons.length > 0) {
        counts.quarantinedRows++
        continue
      }
      keys.add(key)
      landed.push(judged.values)
      for (const { name, allowed } of shape.columns) {
        const value = judged.values.get(name)
        if (allowed && value != null && !allowed.includes(value)) count(counts.warnings, `allowed:${name}`)
      }
    }
  } catch (error) {
    if (!(error instanceof ContractError)) throw error
    return { counts: { dataset, day, ...counts, landedRows: 0, refusal: error.message }, landed: [] }
  }
  const refusal = findRefusal(counts, policy, rowsBefore)
  const isRefused = refusal !== undefined
  return {
    counts: { dataset, day, ...counts, landedRows: isRefused ? 0 : landed.length, refusal },
    landed: isRefused ? [] : landed,
  }
}

function findRefusal(
  { sourceRows, quarantinedRows }: { sourceRows: number; quarantinedRows: number },
  { maxQuarantinedRatio = 0.01, minRowRatio = 0.5 }: JudgePolicy,
  rowsBefore: number,
): string | undefined {
  if (sourceRows === 0) return 'a header and no rows'
  if (quarantinedRows > maxQuarantinedRatio * sourceRows) {
    return `${quarantinedRows} of ${sourceRows} rows break the contract`
  }
  if (sourceRows < minRowRatio * rowsBefore) return `${sourceRows} rows, where the delivery before had ${rowsBefore}`
  return undefined
}
