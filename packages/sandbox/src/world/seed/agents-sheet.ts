import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { ContractError } from '@coretelecoms/core'
import { readCsvRecords } from '../csv/csv-records.ts'
import { findFile } from '../world.ts'
import type { World } from '../world.ts'
import type { SeedOptions } from './seed-options.ts'

/** Where the agents of a world go. */
export interface SheetTarget {
  /** The data file of the Sheets server. */
  readonly file: string
  readonly spreadsheetId: string
}

/** A spreadsheet as the Sheets server keeps it. */
export interface SpreadsheetFile {
  spreadsheetId: string
  title: string
  tabs: { title: string; rows: (string | number)[][] }[]
}

/** Title of the spreadsheet and of its one tab (SOURCES: Where). */
const title = 'CORETELECOMMS AGENTS'
const tab = 'agents'

/**
 * Writes agents.csv, unless it is there already, as the spreadsheet that people edit. Every second id that is a plain
 * integer becomes a number, as in the source, where some were typed and some pasted; everything else stays text.
 *
 * Throws a ContractError for a row that is no text.
 */
export async function seedAgentsSheet(world: World, target: SheetTarget, options: SeedOptions = {}): Promise<void> {
  const file = findFile(world, 'agents')
  if (!file) throw new TypeError('a world without agents.csv is not complete')
  const rows: (string | number)[][] = []
  let idColumn = -1
  for await (const { row, fields, faults } of readCsvRecords(file.path)) {
    if (faults.length > 0) {
      const message = `${file.path}: row ${row} has ${faults.join(' and ')}, which no cell of a sheet can have; mend the file`
      throw new ContractError('agents_row', message)
    }
    if (row === 0) idColumn = fields.findIndex((header) => /^\s*(agent_)?id\s*$/i.test(header))
    rows.push(fields.map((field, column) => (column === idColumn && row % 2 === 1 ? asTyped(field) : field)))
  }
  const spreadsheet: SpreadsheetFile = { spreadsheetId: target.spreadsheetId, title, tabs: [{ title: tab, rows }] }
  const text = `${JSON.stringify(spreadsheet, undefined, 2)}\n`
  const isThere = (await readText(target.file)) === text
  if (!isThere) await replaceFile(target.file, text)
  const outcome = isThere ? 'unchanged' : 'written'
  options.onProgress?.({ step: 'seed', item: title, done: file.bytes, total: file.bytes, outcome })
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** The server reads the file at each request, so it must never see half of one. */
async function replaceFile(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(`${file}.partial`, text)
  await rename(`${file}.partial`, file)
}

function asTyped(text: string): string | number {
  return /^(0|-?[1-9]\d{0,14})$/.test(text) ? Number(text) : text
}
