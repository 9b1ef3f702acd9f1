import type { Column, Dataset, SourceLocation } from '../datasets/define-dataset.ts'
import { opsTables } from './ops-tables.ts'
import { rawTable, snowflakeTypes } from './snowflake-ddl.ts'
import { tableName, type WarehouseTable } from './warehouse-table.ts'

/** The data dictionary as Markdown: every dataset with its columns, then the tables of OPS. */
export function dataDictionary(datasets: readonly Dataset[]): string {
  return [
    '# Data dictionary',
    '',
    'Generated from the dataset contracts by scripts/generate.ts; change a contract, not this file.',
    '',
    ...datasets.flatMap(datasetSection),
    '## Lineage',
    '',
    'Every table of RAW carries these after the columns of its contract.',
    '',
    ...lineageRows(datasets),
    '',
    '## OPS',
    '',
    ...opsTables.flatMap(opsSection),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n')
}

function datasetSection(dataset: Dataset): string[] {
  const facts = [
    `Contract \`${dataset.name}@${dataset.version}\``,
    dataset.cadence === 'daily' ? 'one delivery a day' : 'one snapshot that may change',
    `key \`${dataset.key}\``,
    `partition \`${dataset.partition}\``,
    `from ${sourceText(dataset.source)}`,
  ]
  return [
    `## ${dataset.name}`,
    '',
    dataset.description,
    '',
    `${facts.join(', ')}. Unknown columns: ${dataset.unknownColumns}.`,
    '',
    ...tableOf(
      ['column', 'type', 'in the warehouse', 'required', 'allowed values', 'personal data', 'headers', 'meaning'],
      dataset.columns.map(columnCells),
    ),
    '',
  ]
}

function columnCells(column: Column): string[] {
  return [
    `\`${column.name}\``,
    column.type,
    snowflakeTypes[column.type],
    column.required ? 'yes' : '',
    column.allowed.map((value) => `\`${value}\``).join(', '),
    column.personalData === 'none' ? '' : column.personalData,
    [...new Set([...column.aliases, column.name])]
      .map((header) => (header === '' ? '(empty)' : `\`${header}\``))
      .join(', '),
    column.description,
  ]
}

function sourceText(source: SourceLocation): string {
  switch (source.kind) {
    case 's3-csv':
      return `CSV \`${source.key}\``
    case 's3-json-columns':
      return `column-oriented JSON \`${source.key}\``
    case 'postgres':
      return `Postgres table \`${source.table}\``
    case 'sheet':
      return `Google Sheet \`${source.title}\`, tab \`${source.tab}\``
  }
}

function lineageRows([dataset]: readonly Dataset[]): string[] {
  if (!dataset) return []
  const added = rawTable(dataset).columns.slice(dataset.columns.length)
  return warehouseRows(added)
}

function opsSection(table: WarehouseTable): string[] {
  return [`### ${tableName(table)}`, '', table.description, '', ...warehouseRows(table.columns), '']
}

function warehouseRows(columns: WarehouseTable['columns']): string[] {
  return tableOf(
    ['column', 'in the warehouse', 'meaning'],
    columns.map(({ name, type, description }) => [`\`${name}\``, type, description]),
  )
}

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)]
}
