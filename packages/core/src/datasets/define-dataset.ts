/** The types a column can have; what text each accepts is set down in docs/contracts.md. */
export type ColumnType = 'string' | 'uuid' | 'int32' | 'int64' | 'date' | 'timestamp'

/** How close a column comes to a person: `direct` names one, `indirect` narrows one down. */
export type PersonalData = 'direct' | 'indirect' | 'none'

/** What a run does with a column the contract does not know: stop, or keep it as JSON in `_extra`. */
export type UnknownColumns = 'freeze' | 'evolve'

/** One column of a dataset. */
export interface Column {
  /** Canonical name, snake_case: the name in Parquet, in the warehouse and in dbt. */
  readonly name: string
  /** Headers of the source that mean this column; matched without regard to case and white space. */
  readonly aliases: readonly string[]
  readonly type: ColumnType
  /** A row whose value is null goes to quarantine. */
  readonly required: boolean
  /** Values the contract lists; any other lands and is counted as a warning. */
  readonly allowed: readonly string[]
  /** Texts that mean null in this column, besides the empty text. */
  readonly nullTokens: readonly string[]
  readonly personalData: PersonalData
  readonly description: string
}

/** Where a delivery of a dataset lies, as data; the app that owns the kind reads it. */
export type SourceLocation =
  | { readonly kind: 's3-csv'; readonly key: string }
  | { readonly kind: 's3-json-columns'; readonly key: string }
  | { readonly kind: 'postgres'; readonly table: string }
  | { readonly kind: 'sheet'; readonly title: string; readonly tab: string }

/** The contract of one dataset: everything else about it is generated from this. */
export interface Dataset {
  readonly name: string
  readonly description: string
  /** Raised by hand with every change of the contract. */
  readonly version: number
  /** `static`: one snapshot that may change; `daily`: one delivery a day. */
  readonly cadence: 'static' | 'daily'
  /** `{date}` stands for YYYY-MM-DD and `{date_}` for YYYY_MM_DD of the delivery's day. */
  readonly source: SourceLocation
  readonly columns: readonly Column[]
  /** The column whose value occurs once in a delivery. */
  readonly key: string
  /** Name of the partition in the raw zone. */
  readonly partition: string
  /** The column that must hold the delivery's day, for daily datasets. */
  readonly partitionColumn: string | undefined
  readonly unknownColumns: UnknownColumns
  /** Quarantined rows / rows read above which nothing is published. */
  readonly maxQuarantinedRatio: number
  /** Rows read / rows of the last publication below which nothing is published. */
  readonly minRowRatio: number
}

/** What a column is declared with; everything but name, type and description has a default. */
export type ColumnOptions = Pick<Column, 'name' | 'type' | 'description'> & Partial<Column>

/** What a dataset is declared with. */
export interface DatasetOptions {
  name: string
  description: string
  version: number
  cadence: 'static' | 'daily'
  source: SourceLocation
  columns: ColumnOptions[]
  key: string
  partition: string
  partitionColumn?: string | undefined
  unknownColumns?: UnknownColumns
  maxQuarantinedRatio?: number
  minRowRatio?: number
}

const identifier = /^[a-z][a-z0-9_]*$/

/**
 * Makes a dataset contract with every default visible.
 *
 * Throws a TypeError when the contract contradicts itself: a name that is not snake_case, two columns that
 * answer to one header, a key or partition column that is not there, or a key that is not required.
 */
export function defineDataset(options: DatasetOptions): Dataset {
  const columns = options.columns.map((column) => ({
    aliases: [],
    required: false,
    allowed: [],
    nullTokens: [],
    personalData: 'none' as const,
    ...column,
  }))
  const dataset: Dataset = {
    unknownColumns: 'freeze',
    maxQuarantinedRatio: 0.01,
    minRowRatio: 0.5,
    partitionColumn: undefined,
    ...options,
    columns,
  }
  const faults = findFaults(dataset)
  if (faults.length > 0) throw new TypeError(`dataset "${options.name}": ${faults.join('; ')}`)
  return Object.freeze(dataset)
}

/** Folds a header so that it is compared without regard to case and white space. */
export function foldHeader(header: string): string {
  return header.replace(/\s+/g, '').toLowerCase()
}

/** Every folded header that means this column: its canonical name and its aliases. */
export function columnHeaders(column: Column): string[] {
  return [column.name, ...column.aliases].map(foldHeader)
}

function findFaults(dataset: Dataset): string[] {
  const faults: string[] = []
  for (const name of [dataset.name, dataset.partition, ...dataset.columns.map((column) => column.name)]) {
    if (!identifier.test(name)) faults.push(`"${name}" is not a snake_case name`)
  }
  const owners = new Map<string, string>()
  for (const column of dataset.columns) {
    for (const header of new Set(columnHeaders(column))) {
      const owner = owners.get(header)
      if (owner !== undefined) faults.push(`header "${header}" means both "${owner}" and "${column.name}"`)
      owners.set(header, column.name)
    }
  }
  const key = dataset.columns.find((column) => column.name === dataset.key)
  if (!key?.required) faults.push(`the key "${dataset.key}" is not a required column`)
  if (dataset.partitionColumn !== undefined) {
    const column = dataset.columns.find((candidate) => candidate.name === dataset.partitionColumn)
    if (column?.type !== 'date' || !column.required) {
      faults.push(`the partition column "${dataset.partitionColumn}" is not a required date column`)
    }
  }
  return faults
}
