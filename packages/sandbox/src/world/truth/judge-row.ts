import { isAccepted, trimSpace } from './accepted-text.ts'
import type { DatasetShape } from './dataset-shapes.ts'
import type { SourceRow } from './source-rows.ts'

/** A row after its contract was applied, apart from repeated keys. */
export interface JudgedRow {
  /** Trimmed values by column; null where there is none. Empty where the text of the row is at fault. */
  readonly values: ReadonlyMap<string, string | null>
  /** Why it cannot land, in the order of the contract's columns. */
  readonly reasons: readonly string[]
}

/** Applies a contract to a row; `day` is that of the delivery. */
export function judgeRow(shape: DatasetShape, row: SourceRow, day: string | undefined): JudgedRow {
  if (row.faults.length > 0) return { values: new Map(), reasons: row.faults }
  const values = new Map<string, string | null>()
  const reasons: string[] = []
  for (const { name, type, isRequired } of shape.columns) {
    const text = trimSpace(row.values.get(name) ?? '')
    if (text.includes('\0') || !text.isWellFormed()) return { values: new Map(), reasons: ['invalid_text'] }
    values.set(name, text === '' ? null : type === 'uuid' ? text.toLowerCase() : text)
    if (text === '' && isRequired) reasons.push(`required:${name}`)
    else if (text !== '' && !isAccepted(type, text)) reasons.push(`cast:${name}`)
    else if (name === shape.dayColumn && text !== day) reasons.push('partition')
  }
  return { values, reasons }
}

/** The contract's spelling of a value of a list, whatever its case; another value stays as it is. */
export function spell(shape: DatasetShape, column: string, value: string | null): string | null {
  const allowed = shape.columns.find(({ name }) => name === column)?.allowed ?? []
  return allowed.find((candidate) => candidate.toLowerCase() === value?.toLowerCase()) ?? value
}
