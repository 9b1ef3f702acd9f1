import { readFile } from 'node:fs/promises'
import { z } from 'zod'

const cell = z.union([z.string(), z.number(), z.boolean(), z.null(), z.strictObject({ error: z.string() })])

const spreadsheet = z.strictObject({
  spreadsheetId: z.string().min(1),
  title: z.string(),
  /** E-mail addresses it is shared with; left out: everybody with an account. */
  sharedWith: z.array(z.string()).optional(),
  tabs: z.array(z.strictObject({ title: z.string().min(1), rows: z.array(z.array(cell)) })).min(1),
})

/** A cell: what was typed, a number, a check box, nothing, or a formula's error such as `#REF!`. */
export type Cell = z.infer<typeof cell>

/** A spreadsheet as the sandbox keeps it in a file. */
export type Spreadsheet = z.infer<typeof spreadsheet>

/** One of its tabs. */
export type Tab = Spreadsheet['tabs'][number]

/** Reads the spreadsheet from its file; undefined while there is none. Throws when the file holds something else. */
export async function readSpreadsheet(file: string): Promise<Spreadsheet | undefined> {
  try {
    return spreadsheet.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** How many rows and columns a tab has to those who ask: at least what Google gives a new one. */
export function gridSize(tab: Tab): { rowCount: number; columnCount: number } {
  const widest = tab.rows.reduce((width, row) => Math.max(width, row.length), 0)
  return { rowCount: Math.max(1000, tab.rows.length), columnCount: Math.max(26, widest) }
}
