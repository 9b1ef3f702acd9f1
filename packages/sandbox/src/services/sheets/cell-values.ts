import type { CellRange } from './cell-range.ts'
import type { Cell } from './spreadsheet.ts'

/** Whether the lists in an answer are rows or columns. */
export type MajorDimension = 'ROWS' | 'COLUMNS'

/** Whether numbers come as numbers, or as the text that the sheet shows. */
export type ValueRenderOption = 'FORMATTED_VALUE' | 'UNFORMATTED_VALUE'

type RenderedValue = string | number | boolean

/**
 * The values of a range as the API gives them: an empty cell is '', but empty cells at the end of a row are left out,
 * and so are empty rows at the end; an empty row in the middle is []. (Reference of spreadsheets.values, ValueRange.)
 */
export function cellValues(
  range: CellRange,
  options: { majorDimension: MajorDimension; valueRenderOption: ValueRenderOption },
): RenderedValue[][] {
  const rows = range.tab.rows
    .slice(range.fromRow, range.toRow)
    .map((row) =>
      row.slice(range.fromColumn, range.toColumn).map((cell) => renderCell(cell, options.valueRenderOption)),
    )
  const lists = options.majorDimension === 'ROWS' ? rows : transpose(rows)
  return trimEnd(
    lists.map((list) => trimEnd(list, (value) => value === '')),
    (list) => list.length === 0,
  )
}

function renderCell(cell: Cell, option: ValueRenderOption): RenderedValue {
  if (cell === null) return ''
  if (typeof cell === 'object') return cell.error
  if (typeof cell === 'string' || option === 'UNFORMATTED_VALUE') return cell
  return typeof cell === 'boolean' ? String(cell).toUpperCase() : String(cell)
}

function transpose(rows: RenderedValue[][]): RenderedValue[][] {
  const width = rows.reduce((widest, row) => Math.max(widest, row.length), 0)
  return Array.from({ length: width }, (_, column) => rows.map((row) => row[column] ?? ''))
}

function trimEnd<Item>(items: Item[], isEmpty: (item: Item) => boolean): Item[] {
  return items.slice(0, items.findLastIndex((item) => !isEmpty(item)) + 1)
}
