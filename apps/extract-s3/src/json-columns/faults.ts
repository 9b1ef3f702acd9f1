import { columnHeaders, type Dataset, foldHeader, type Reason } from '@coretelecoms/core'
import type { ColumnDocument } from './document.ts'

/**
 * Rows (from 0) that hold an object or an array in a column of the contract. Their source text would pass for a string,
 * and the contract has no column that takes one (CONTRACTS: type table).
 */
export function findFaults(document: ColumnDocument, dataset: Dataset): Map<number, Reason[]> {
  const faults = new Map<number, Reason[]>()
  for (const { header, values } of document.columns) {
    const column = dataset.columns.find((candidate) => columnHeaders(candidate).includes(foldHeader(header)))
    if (!column) continue
    for (let row = 0; row < values.length; row++) {
      const span = values.get(row)
      const first = span && document.bytes[span.start]
      if (first !== 0x7b && first !== 0x5b) continue
      faults.set(row, [...(faults.get(row) ?? []), `cast:${column.name}`])
    }
  }
  return faults
}
