import { columnHeaders, type Dataset, foldHeader, type Reason, type SourceRecord, trimAscii } from '@coretelecoms/core'
import type { Cell } from './spreadsheet.ts'

/** A tab as headers and records. */
export interface SheetRecords {
  readonly headers: readonly string[]
  readonly records: readonly SourceRecord[]
}

/**
 * What a cell shows when its formula failed or is not done yet (Sheets API reference, ErrorType). The API hands it out as
 * text like any other, and nobody types these.
 */
const formulaErrors = new Set([
  '#NULL!',
  '#DIV/0!',
  '#VALUE!',
  '#REF!',
  '#NAME?',
  '#NUM!',
  '#N/A',
  '#ERROR!',
  'Loading...',
])

/**
 * Reads the rows of a tab as records. The first row is the header; columns without a header and without a cell are none.
 * A row of blank cells is none, but counts in `_source_row`, which is the row of the sheet less the header. A short row is
 * filled up with nulls; a cell that stands right of the headers makes its row too long.
 *
 * What a cell holds and its text does not show is a fault of its column: the error of a formula, and a number that is not
 * integral and exact, because the sheet shows it rounded to whatever its format says.
 */
export function sheetRecords(dataset: Dataset, rows: readonly (readonly Cell[])[]): SheetRecords {
  const [first = [], ...rest] = dropBlankColumns(rows)
  const headers = dropBlankEnd(first).map(cellText)
  const columns = headers.map((header) =>
    dataset.columns.find((column) => columnHeaders(column).includes(foldHeader(header))),
  )
  const records: SourceRecord[] = []
  for (const [index, row] of rest.entries()) {
    const filled = dropBlankEnd(row)
    if (filled.length === 0) continue
    const cells = filled.map((cell) => (isBlank(cell) ? null : cellText(cell)))
    while (cells.length < headers.length) cells.push(null)
    const faults = filled.flatMap((cell, position): Reason[] => {
      const column = columns[position]
      return column && isFaulty(cell) ? [`cast:${column.name}`] : []
    })
    records.push({ sourceRow: index + 1, cells, originalText: JSON.stringify(rows[index + 1]), faults })
  }
  return { headers, records }
}

/** The text that the contract judges a cell by: a number that is not integral and exact prints as no integer does. */
function cellText(cell: Cell): string {
  if (typeof cell === 'boolean') return cell ? 'TRUE' : 'FALSE'
  if (typeof cell === 'string') return cell
  // Beyond 2^53 one number stands for several integers.
  return Number.isInteger(cell) && !Number.isSafeInteger(cell) ? cell.toExponential() : String(cell)
}

function isFaulty(cell: Cell): boolean {
  return typeof cell === 'number' ? !Number.isSafeInteger(cell) : typeof cell === 'string' && formulaErrors.has(cell)
}

// Not String.trim: a no-break space is text to the contract, and a row of one is a row.
function isBlank(cell: Cell): boolean {
  return typeof cell === 'string' && trimAscii(cell) === ''
}

function dropBlankEnd(cells: readonly Cell[]): readonly Cell[] {
  return cells.slice(0, cells.findLastIndex((cell) => !isBlank(cell)) + 1)
}

/** Leaves out the columns between others that have neither a header nor a cell: a gap that people leave for the eye. */
function dropBlankColumns(rows: readonly (readonly Cell[])[]): readonly (readonly Cell[])[] {
  const width = dropBlankEnd(rows[0] ?? []).length
  const gaps = new Set(
    Array.from({ length: width }, (_, column) => column).filter((column) =>
      rows.every((row) => isBlank(row[column] ?? '')),
    ),
  )
  return gaps.size === 0 ? rows : rows.map((row) => row.filter((_, column) => !gaps.has(column)))
}
