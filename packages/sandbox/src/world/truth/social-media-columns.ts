import { readFile } from 'node:fs/promises'
import { ContractError } from '@coretelecoms/core'
import type { WorldFile } from '../world.ts'
import { readColumnObjects } from './column-objects.ts'
import { matchColumns } from './match-columns.ts'
import type { SourceRow } from './source-rows.ts'

/**
 * Reads a day of social media: one object a column, rows in the order of the keys in the first. A row that another
 * column does not have is short; a number or `true` counts as the text it is written with.
 */
export async function* readSocialMediaColumns(file: WorldFile): AsyncGenerator<SourceRow> {
  const columns = readColumnObjects(await readUtf8(file), file.path)
  // The row keys stand for the column that a table would have for its index.
  const names = matchColumns(file, [...columns.map(([header]) => header), '(row key)'])
  const first = columns[0]?.[1] ?? new Map<string, string | null>()
  for (const [header, cells] of columns) {
    const stray = [...cells.keys()].find((key) => !first.has(key))
    if (stray === undefined) continue
    throw new ContractError('column_keys', `${file.path}: column ${JSON.stringify(header)} has a row the first has not`)
  }
  for (const rowKey of first.keys()) {
    const values = new Map<string, string | null>([['source_index', rowKey]])
    let isShort = false
    for (const [index, [, cells]] of columns.entries()) {
      isShort ||= !cells.has(rowKey)
      values.set(names[index] as string, cells.get(rowKey) ?? null)
    }
    yield { values, faults: isShort ? ['too_few_fields'] : [] }
  }
}

async function readUtf8(file: WorldFile): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file.path))
  } catch (cause) {
    throw new ContractError('encoding', `${file.path}: is not UTF-8 text`, { cause })
  }
}
