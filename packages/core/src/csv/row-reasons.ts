import { castText } from '../contract/cast.ts'
import type { HeaderMatch } from '../contract/header.ts'
import type { Reason } from '../contract/reasons.ts'
import { trimAscii } from '../contract/trim.ts'
import type { Dataset } from '../datasets/define-dataset.ts'

/** What a row is checked against. */
export interface RowRules {
  readonly dataset: Dataset
  readonly header: HeaderMatch
  readonly partitionDate: string
}

/**
 * Every reason why a row of texts breaks the contract, those of columns in the order of the contract and then
 * `partition`. `textAt` gives the field at a position of the header, as the source wrote it.
 */
export function findReasons({ dataset, header, partitionDate }: RowRules, textAt: (index: number) => string): Reason[] {
  const reasons: Reason[] = []
  let isOtherPartition = false
  for (const column of dataset.columns) {
    const text = trimAscii(textAt(header.columns.indexOf(column)))
    if (text === '' || column.nullTokens.includes(text)) {
      if (column.required) reasons.push(`required:${column.name}`)
      continue
    }
    const value = castText(column.type, text)
    if (value === undefined) reasons.push(`cast:${column.name}`)
    else if (column.name === dataset.partitionColumn) isOtherPartition = value !== castText('date', partitionDate)
  }
  return isOtherPartition ? [...reasons, 'partition'] : reasons
}
