import { type Dataset, quarantinedRows, rawTable, type WarehouseTable } from '@coretelecoms/core'

/** A column of the warehouse that holds personal data, as infra/snowflake-tables protects it. */
export interface PersonalColumn {
  readonly schema: string
  readonly table: string
  readonly column: string
  /** `direct` names a person, `indirect` does so together with others. */
  readonly personalData: string
  /** Type in the warehouse, without its length. */
  readonly type: string
}

/**
 * Every column of RAW and OPS that holds personal data, from the contracts: their declared columns, what lands beside
 * the contract in `_extra`, and the original text of quarantined rows.
 */
export function personalColumns(datasets: readonly Dataset[]): PersonalColumn[] {
  const declared = datasets.flatMap((dataset) => {
    const table = rawTable(dataset)
    const classes = new Map(dataset.columns.map(({ name, personalData }) => [name, personalData]))
    // Nobody has said what an unknown column holds, so it counts as the worst.
    classes.set('_extra', 'direct')
    return personalColumnsOf(table, classes)
  })
  return [...declared, ...personalColumnsOf(quarantinedRows, new Map([['original_text', 'direct']]))]
}

function personalColumnsOf(table: WarehouseTable, classes: ReadonlyMap<string, string>): PersonalColumn[] {
  return table.columns.flatMap(({ name, type }) => {
    const personalData = classes.get(name) ?? 'none'
    if (personalData === 'none') return []
    return [
      {
        schema: table.schema,
        table: table.name.toUpperCase(),
        column: name.toUpperCase(),
        personalData,
        type: type.replace(/\(.*\)$/, ''),
      },
    ]
  })
}
