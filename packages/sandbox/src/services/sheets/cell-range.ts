import { invalidArgument } from './google-error.ts'
import { gridSize, type Spreadsheet, type Tab } from './spreadsheet.ts'

/** A rectangle of cells, rows and columns counted from 0, ends excluded. */
export interface CellRange {
  tab: Tab
  fromRow: number
  toRow: number
  fromColumn: number
  toColumn: number
}

const corner = /^([A-Za-z]{0,3})([1-9][0-9]*)?$/

/**
 * Reads a range in A1 notation: `agents`, `agents!A1:D101`, `agents!A:D`, `'my tab'!B2`, `A1:D` (in the first tab).
 * Throws as Google does: 400 for a tab that is not there or a range that is none, 400 for one outside the grid.
 */
export function parseCellRange(spreadsheet: Spreadsheet, text: string): CellRange {
  const { title, cells } = splitRange(text)
  // A bare word is a tab if there is one of that name, and a range otherwise.
  const tabOnly = title === undefined ? findTab(spreadsheet, unquote(cells)) : undefined
  const tab = tabOnly ?? (title === undefined ? spreadsheet.tabs[0] : findTab(spreadsheet, title))
  if (!tab) throw invalidArgument(`Unable to parse range: ${text}`)
  const { rowCount, columnCount } = gridSize(tab)
  if (tabOnly) return { tab, fromRow: 0, toRow: rowCount, fromColumn: 0, toColumn: columnCount }

  const [first = '', second = first, ...rest] = cells.split(':')
  const from = corner.exec(first)
  const to = corner.exec(second)
  if (!from || !to || first === '' || second === '' || rest.length > 0) {
    throw invalidArgument(`Unable to parse range: ${text}`)
  }
  const range = {
    tab,
    fromRow: from[2] === undefined ? 0 : Number(from[2]) - 1,
    toRow: to[2] === undefined ? rowCount : Number(to[2]),
    fromColumn: from[1] ? columnNumber(from[1]) : 0,
    toColumn: to[1] ? columnNumber(to[1]) + 1 : columnCount,
  }
  if (range.fromRow >= rowCount || range.fromColumn >= columnCount) {
    throw invalidArgument(
      `Range (${title ?? tab.title}!${cells}) exceeds grid limits. Max rows: ${rowCount}, max columns: ${columnCount}`,
    )
  }
  return { ...range, toRow: Math.min(range.toRow, rowCount), toColumn: Math.min(range.toColumn, columnCount) }
}

/** Writes a range the way Google repeats it in its answer, with both corners. */
export function formatCellRange({ tab, fromRow, toRow, fromColumn, toColumn }: CellRange): string {
  const title = /^[A-Za-z_][A-Za-z0-9_]*$/.test(tab.title) ? tab.title : `'${tab.title.replaceAll("'", "''")}'`
  return `${title}!${columnLetters(fromColumn)}${fromRow + 1}:${columnLetters(toColumn - 1)}${toRow}`
}

function splitRange(text: string): { title: string | undefined; cells: string } {
  const mark = text.lastIndexOf('!')
  return mark === -1
    ? { title: undefined, cells: text }
    : { title: unquote(text.slice(0, mark)), cells: text.slice(mark + 1) }
}

function unquote(title: string): string {
  return /^'.*'$/s.test(title) ? title.slice(1, -1).replaceAll("''", "'") : title
}

// Tabs are found without regard to case, as in a formula.
function findTab(spreadsheet: Spreadsheet, title: string): Tab | undefined {
  return spreadsheet.tabs.find((tab) => tab.title.toLowerCase() === title.toLowerCase())
}

function columnNumber(letters: string): number {
  return (
    Array.from(letters.toUpperCase(), (letter) => letter.charCodeAt(0) - 64).reduce((sum, digit) => sum * 26 + digit) -
    1
  )
}

function columnLetters(column: number): string {
  const rest = Math.floor(column / 26)
  return (rest > 0 ? columnLetters(rest - 1) : '') + String.fromCharCode(65 + (column % 26))
}
