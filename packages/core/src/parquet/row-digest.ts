import { createHash } from 'node:crypto'
import type { CastValue } from '../contract/cast.ts'

/** A checksum over rows of values: equal only for the same values, nulls and texts alike, in the same order. */
export interface RowDigest {
  add(values: readonly (CastValue | null)[]): void
  /** sha256, hex; call once, after the last row. */
  hex(): string
}

/** Starts a digest over no rows. */
export function createRowDigest(): RowDigest {
  const hash = createHash('sha256')
  return {
    add: (values) => hash.update(values.map(markedText).join('')),
    hex: () => hash.digest('hex'),
  }
}

// With its length in front, so that no two lists of values have the same text.
function markedText(value: CastValue | null): string {
  if (value === null) return '-'
  const text = String(value)
  return `${text.length}:${text}`
}
