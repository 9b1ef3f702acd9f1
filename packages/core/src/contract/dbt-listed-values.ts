import type { Dataset } from '../datasets/define-dataset.ts'

/**
 * The seed of dbt as CSV, by which staging gives a value the contract's spelling: a line for each value that a column of
 * any contract allows. Columns of one name are one column, whichever dataset they stand in.
 */
export function dbtListedValuesCsv(datasets: readonly Dataset[]): string {
  const listed = datasets
    .flatMap(({ columns }) => columns)
    .flatMap(({ name, allowed }) => allowed.map((value) => `${name},${csvField(value)}`))
  return ['column_name,value', ...new Set(listed)].join('\n') + '\n'
}

function csvField(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value
}
