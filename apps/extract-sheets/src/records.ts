import { columnHeaders, type Dataset, foldHeader, type Reason, type SourceRecord } from '@coretelecoms/core'
import type { Cell } from './spreadsheet.ts'

/** A tab as headers and records. */
export interface SheetRecords {
  readonly headers: readonly string[]
  readonly records: readonly SourceRecord[]
}

/** What a cell shows when its formula failed (Google Sheets help, "Error types"). Nobody types these. */
const formulaErrors = new Set(['#NULL!', '#DIV/0!', '#VALUE!', '#REF!', '#NAME?', '#NUM!', '#N/A', '#ERROR!'])

/**
 * Reads the rows of a tab as records. The first row is the header; blank headers at its end are dropped. A row of blank
 * cells is none, but counts in `_source_row`, which is the row of the sheet less the header. A short row is filled up with
 * nulls; a cell that stands right of the headers makes its row too long.
 */
export function sheetRecords(dataset: Dataset, rows: readonly (readonly Cell[])[]): SheetRecords {
  const [first = [], ...rest] = rows
  const headers = dropBlankEnd(first.map(cellText))
  const columns = headers.map((header) =>
    dataset.columns.find((column) => columnHeaders(column).includes(foldHeader(header))),
  )
  const records: SourceRecord[] = []
  for (const [index, row] of rest.entries()) {
    const texts = dropBlankEnd(row.map(cellText))
    if (texts.length === 0) continue
    const cells = texts.map((text) => (text === '' ? null : text))
    while (cells.length < headers.length) cells.push(null)
    const faults = texts.flatMap((text, position): Reason[] => {
      const column = columns[position]
      return column && formulaErrors.has(text) ? [`cast:${column.name}`] : []
    })
    records.push({ sourceRow: index + 1, cells, originalText: JSON.stringify(row), faults })
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

function dropBlankEnd(texts: readonly string[]): string[] {
  return texts.slice(0, texts.findLastIndex((text) => text.trim() !== '') + 1)
}
