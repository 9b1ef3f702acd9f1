import { ContractError } from '@coretelecoms/core'
import type { WorldFile } from '../world.ts'
import { datasetShapes } from './dataset-shapes.ts'

/** The column name that each header means; refuses headers that are unknown, missing or repeated. */
export function matchColumns(file: WorldFile, headers: readonly string[]): string[] {
  const fold = (text: string) => text.replace(/\s/g, '').toLowerCase()
  const { columns } = datasetShapes[file.dataset]
  const names = headers.map((header) => {
    const column = columns.find(({ name, header: own }) => [fold(name), fold(own)].includes(fold(header)))
    if (!column) throw new ContractError('header', `${file.path}: the header ${JSON.stringify(header)} is unknown`)
    return column.name
  })
  const odd = columns.find(({ name }) => names.filter((other) => other === name).length !== 1)
  if (odd) throw new ContractError('header', `${file.path}: the column "${odd.name}" must be there exactly once`)
  return names
}
