import type { HeaderMatch } from '../contract/header.ts'
import type { Column, Dataset } from '../datasets/define-dataset.ts'
import type { WriteOptions } from '../landing/delivery.ts'
import { castSql, isGoodSql, trimmedSql, withoutNullTokensSql } from './duckdb-cast-sql.ts'
import { extraSql } from './duckdb-extra-sql.ts'
import { sqlName, sqlText } from './duckdb-text.ts'
import { type Field, lineageFields, partFields } from './part-schema.ts'

/** Where rows are read from. */
export interface RowSource {
  /** A table function with the fields `c0`, `c1`, … */
  readonly table: string
  /** SQL of the row's position in the delivery. */
  readonly sourceRow: string
  /** White space characters that occur in it. */
  readonly whiteSpace: readonly number[]
  /** Positions of rows that must not land whatever their text says. */
  readonly faultyRows: readonly number[]
}

/** The SQL that makes landed rows out of the fields of a delivery. */
export interface RowSql {
  /** Fields of a record. */
  readonly width: number
  /** The part's fields without lineage: what the fingerprint covers beside `_source_row`. */
  readonly values: readonly Field[]
  /** The rows that keep the contract, as they land. */
  goodRows(source: RowSource): string
  /** Positions of the rows that do not, in source order. */
  badRows(source: RowSource): string
  /** One row: records, bytes of their values, good records, bytes of what lands of those. */
  account(source: RowSource): string
}

/** What the SQL is made from. */
export type RowSqlOptions = Pick<WriteOptions, 'dataset' | 'partitionDate' | 'unknownColumns' | 'lineage'> & {
  readonly header: HeaderMatch
}

/** Makes the SQL for one delivery. */
export function createRowSql(options: RowSqlOptions): RowSql {
  const { dataset, header, unknownColumns } = options
  const width = header.columns.length
  const values = partFields(dataset, unknownColumns).slice(0, -lineageFields.length)
  const positions = new Map(header.columns.map((column, index) => [column, index]))
  const text = (column: Column): string => `t${positions.get(column) ?? 0}`
  const keepsContract = [
    ...dataset.columns.map((column) => isGoodSql(column, text(column))),
    ...isOfPartition(dataset, options.partitionDate, text),
  ].join(' AND ')
  const isGood = ({ faultyRows }: RowSource): string =>
    faultyRows.length === 0 ? keepsContract : `${keepsContract} AND source_row NOT IN (${faultyRows.join(', ')})`
  const typed = [
    ...dataset.columns.map((column) => `${castSql(column.type, text(column)).value} AS ${sqlName(column.name)}`),
    ...(unknownColumns === 'evolve' ? [`${extraSql(unknownTexts(header))} AS _extra`] : []),
  ]
  const rawBytes = header.columns.map((_, index) => `coalesce(strlen(c${index}), 0)`).join(' + ')
  return {
    width,
    values,
    goodRows: (source) =>
      `SELECT ${[...typed, ...lineageSql(options)].join(', ')} FROM ${textsOf(source, header)} WHERE ${isGood(source)}`,
    badRows: (source) => `SELECT source_row FROM ${textsOf(source, header)} WHERE NOT (${isGood(source)})`,
    account: (source) =>
      `SELECT count(*), coalesce(sum(raw_bytes), 0), count(*) FILTER (is_good), coalesce(sum(${landedBytesSql(values)}) FILTER (is_good), 0)
       FROM (SELECT ${typed.join(', ')}, ${rawBytes} AS raw_bytes, ${isGood(source)} AS is_good FROM ${textsOf(source, header)})`,
  }
}

/** Bytes of the texts that a landed row was made from, as far as its values tell. */
export function landedBytesSql(values: readonly Field[]): string {
  const bytes = values.map(({ name, type }) => {
    const value = sqlName(name)
    // A null date has no day; adding it keeps the null, and so the 0.
    if (type === 'date') return `coalesce(10 + 0 * day(${value}), 0)`
    if (type === 'timestamp') return `coalesce(19 + 0 * day(${value}), 0)`
    return `coalesce(strlen(${value}::VARCHAR), 0)`
  })
  return bytes.join(' + ')
}

function textsOf(source: RowSource, header: HeaderMatch): string {
  const fields = header.columns.map((_, index) => `c${index}`)
  const trimmed = fields.map((field, index) => `${trimmedSql(field, source.whiteSpace)} AS t${index}`)
  const rows = `(SELECT ${[...fields, ...trimmed].join(', ')}, ${source.sourceRow} AS source_row FROM ${source.table})`
  const hasTokens = header.columns.some((column) => column !== undefined && column.nullTokens.length > 0)
  if (!hasTokens) return rows
  const texts = header.columns.map(
    (column, index) => `${withoutNullTokensSql(`t${index}`, column?.nullTokens ?? [])} AS t${index}`,
  )
  return `(SELECT ${[...fields, ...texts].join(', ')}, source_row FROM ${rows})`
}

function isOfPartition(dataset: Dataset, partitionDate: string, text: (column: Column) => string): string[] {
  const column = dataset.columns.find(({ name }) => name === dataset.partitionColumn)
  return column ? [`coalesce(${castSql(column.type, text(column)).value} = DATE ${sqlText(partitionDate)}, false)`] : []
}

function unknownTexts(header: HeaderMatch): { header: string; text: string }[] {
  return header.headers.flatMap((name, index) =>
    header.columns[index] === undefined ? [{ header: name, text: `t${index}` }] : [],
  )
}

function lineageSql({ lineage }: RowSqlOptions): string[] {
  const expressions: Record<string, string> = {
    _loaded_at: `TIMESTAMPTZ ${sqlText(lineage.loadedAt.toISOString())}`,
    _load_id: constantSql(lineage.loadId),
    _source_uri: constantSql(lineage.sourceUri),
    _source_row: 'source_row',
    _contract_version: constantSql(lineage.contractVersion),
  }
  return lineageFields.map(({ name }) => `${expressions[name] ?? 'NULL'} AS ${name}`)
}

// An ENUM of one value is written as a dictionary without hashing the same string for every row; it reads as a string.
function constantSql(value: string): string {
  return `${sqlText(value)}::ENUM(${sqlText(value)})`
}
