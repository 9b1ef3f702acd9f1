import type { Column, Dataset, UnknownColumns } from '../datasets/define-dataset.ts'
import { columnHeaders, foldHeader } from '../datasets/define-dataset.ts'
import { ContractError } from '../errors/contract-error.ts'

/** Many times what a source has; a header of more is somebody's mistake or malice, and a cost in every row. */
export const maxHeaders = 1000

// A header may be as long and as wide as its writer likes, and a message goes into logs, alerts and the warehouse.
const namedFaults = 20
const shownCharacters = 60

/** What each field of a record means, by position. */
export interface HeaderMatch {
  /** The column of each field; undefined for one the contract does not know (kept in `_extra`). */
  readonly columns: readonly (Column | undefined)[]
  /** The headers as the source wrote them. */
  readonly headers: readonly string[]
}

/** What a header is matched under. */
export interface MatchHeaderOptions {
  dataset: Dataset
  headers: readonly string[]
  /** Named in the message, for example `call_logs 2025-11-20`. */
  delivery: string
  unknownColumns?: UnknownColumns
}

/**
 * Matches the headers of a delivery against the contract, without regard to case, white space and order.
 *
 * Throws a ContractError that lists every fault at once: no header at all, a missing column, two headers for one
 * column, and (under `freeze`) a header the contract does not know.
 */
export function matchHeader(options: MatchHeaderOptions): HeaderMatch {
  const { dataset, headers, delivery } = options
  const unknownColumns = options.unknownColumns ?? dataset.unknownColumns
  if (headers.length === 0) {
    throw new ContractError('no_header', `${delivery}: the delivery has no header, it holds nothing at all`)
  }
  if (headers.length > maxHeaders) {
    throw new ContractError(
      'too_many_headers',
      `${delivery}: the delivery has ${headers.length} columns and ${maxHeaders} are the most that are read`,
      { context: { dataset: dataset.name, headers: headers.length } },
    )
  }
  const byHeader = new Map(
    dataset.columns.flatMap((column) => columnHeaders(column).map((header) => [header, column] as const)),
  )
  const columns = headers.map((header) => byHeader.get(foldHeader(header)))
  const faults = [
    ...findMissing(dataset, columns),
    ...findRepeated(headers, columns),
    ...(unknownColumns === 'freeze' ? findUnknown(headers, columns) : []),
  ]
  if (faults.length > 0) {
    const more = faults.length > namedFaults ? `; and ${faults.length - namedFaults} more` : ''
    throw new ContractError('header', `${delivery}: ${faults.slice(0, namedFaults).join('; ')}${more}`, {
      context: { dataset: dataset.name, headers: headers.length },
    })
  }
  return { columns, headers }
}

function findMissing(dataset: Dataset, columns: readonly (Column | undefined)[]): string[] {
  return dataset.columns
    .filter((column) => !columns.includes(column))
    .map((column) => {
      const names = [...new Set([...column.aliases, column.name])].map((name) => JSON.stringify(name))
      return `column "${column.name}" is missing; the contract takes it from a header ${names.join(' or ')}`
    })
}

function findRepeated(headers: readonly string[], columns: readonly (Column | undefined)[]): string[] {
  const faults: string[] = []
  const seen = new Map<string, string>()
  for (const [index, header] of headers.entries()) {
    const meaning = columns[index]?.name ?? `(unknown) ${foldHeader(header)}`
    const first = seen.get(meaning)
    if (first === undefined) seen.set(meaning, header)
    else {
      const name = columns[index]?.name ?? `(unknown) ${shorten(foldHeader(header))}`
      faults.push(`headers ${quoteHeader(first)} and ${quoteHeader(header)} both mean "${name}"`)
    }
  }
  return faults
}

function findUnknown(headers: readonly string[], columns: readonly (Column | undefined)[]): string[] {
  return headers
    .filter((_, index) => columns[index] === undefined)
    .map(
      (header) =>
        `the contract knows no column ${quoteHeader(header)} (run with --contract evolve to land it in _extra)`,
    )
}

/** A header in quotes as messages show it: cut short where it is long. */
export function quoteHeader(header: string): string {
  return JSON.stringify(shorten(header))
}

function shorten(header: string): string {
  return header.length > shownCharacters ? `${header.slice(0, shownCharacters)}… (${header.length} characters)` : header
}
