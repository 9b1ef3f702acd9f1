import { ContractError } from '@coretelecoms/core'
import { readCsvRecords } from '../csv/csv-records.ts'
import type { WorldFile } from '../world.ts'
import { trimSpace } from './accepted-text.ts'
import { matchColumns } from './match-columns.ts'
import { readSocialMediaColumns } from './social-media-columns.ts'

/** A row of a source: its values by column name, and what is wrong with it before any value is looked at. */
export interface SourceRow {
  readonly values: ReadonlyMap<string, string | null>
  readonly faults: readonly ('bad_quote' | 'too_few_fields' | 'too_many_fields' | 'invalid_text')[]
}

/**
 * Reads the rows of a delivered file in source order, whatever its format.
 * Throws a ContractError where the file cannot be read as a whole, or its columns are not those of the contract.
 */
export async function* readSourceRows(file: WorldFile): AsyncGenerator<SourceRow> {
  if (file.dataset === 'social_media') yield* readSocialMediaColumns(file)
  else yield* readCsvRows(file)
}

async function* readCsvRows(file: WorldFile): AsyncGenerator<SourceRow> {
  let names: readonly string[] | undefined
  for await (const { fields, faults } of readCsvRecords(file.path)) {
    if (!names) {
      names = matchColumns(file, fields)
    } else if (file.dataset === 'agents') {
      // A sheet has cells, not records: a row of empty cells is none, and cells that were left out are empty.
      if (faults.length === 0 && fields.every((field) => trimSpace(field) === '')) continue
      yield toRow(names, [...fields, ...names.slice(fields.length).map(() => '')], faults)
    } else {
      yield toRow(names, fields, faults)
    }
  }
  if (!names) throw new ContractError('no_header', `${file.path}: holds nothing, not even a header`)
}

function toRow(names: readonly string[], fields: readonly string[], faults: SourceRow['faults']): SourceRow {
  const values = new Map(fields.map((field, index) => [names[index] ?? '', field]))
  if (fields.length === names.length || faults.includes('bad_quote')) return { values, faults }
  return { values, faults: [fields.length < names.length ? 'too_few_fields' : 'too_many_fields', ...faults] }
}
