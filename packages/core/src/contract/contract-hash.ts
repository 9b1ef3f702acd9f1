import { createHash } from 'node:crypto'
import type { Dataset } from '../datasets/define-dataset.ts'

/** `<dataset>@<version>`, as it stands in `_contract_version`. */
export function contractVersion(dataset: Dataset): string {
  return `${dataset.name}@${dataset.version}`
}

/** sha256 (hex) over everything in a contract that decides what lands; texts for people are left out. */
export function contractHash(dataset: Dataset): string {
  const columns = dataset.columns.map((column) => ({ ...column, description: undefined }))
  const rules = { ...dataset, columns, description: undefined }
  return createHash('sha256')
    .update(JSON.stringify(sortKeys(rules)))
    .digest('hex')
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sortKeys(inner)]),
  )
}
