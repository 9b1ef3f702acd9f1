import type { Column, Dataset } from '../datasets/define-dataset.ts'
import { opsTables } from './ops-tables.ts'
import { rawTable } from './snowflake-ddl.ts'
import type { WarehouseTable } from './warehouse-table.ts'

/**
 * The sources of dbt as YAML: `raw` with a table a dataset and its tests (not_null where the contract requires a value,
 * accepted_values as a warning), and `ops`. Personal data is marked in `meta.personal_data` as the contract marks it.
 */
export function dbtSourcesYaml(datasets: readonly Dataset[]): string {
  const lines = [
    '# Generated from the dataset contracts by scripts/generate.ts.',
    'version: 2',
    '',
    'sources:',
    ...sourceHead('raw', 'Rows as they landed, in the latest publication of each partition.'),
    ...datasets.flatMap(rawTableLines),
    '',
    ...sourceHead('ops', 'What the loader knows of loads, runs and rows that were set aside.'),
    ...opsTables.flatMap((table) => tableLines(table, () => [])),
  ]
  return lines.join('\n') + '\n'
}

function sourceHead(name: string, description: string): string[] {
  return [
    `  - name: ${name}`,
    `    description: ${quote(description)}`,
    '    database: "{{ target.database }}"',
    `    schema: ${name.toUpperCase()}`,
    '    tables:',
  ]
}

function rawTableLines(dataset: Dataset): string[] {
  const columns = new Map(dataset.columns.map((column) => [column.name, column]))
  return tableLines(rawTable(dataset), (name) => {
    const column = columns.get(name)
    return column ? columnRules(column) : []
  })
}

function tableLines(table: WarehouseTable, rules: (column: string) => string[]): string[] {
  return [
    `      - name: ${table.name}`,
    `        description: ${quote(table.description)}`,
    '        columns:',
    ...table.columns.flatMap((column) => [
      `          - name: ${column.name}`,
      `            description: ${quote(column.description)}`,
      ...rules(column.name).map((line) => `            ${line}`),
    ]),
  ]
}

function columnRules(column: Column): string[] {
  const meta = column.personalData === 'none' ? [] : ['config:', '  meta:', `    personal_data: ${column.personalData}`]
  const required = column.required ? ['  - not_null'] : []
  const allowed =
    column.allowed.length === 0
      ? []
      : [
          '  - accepted_values:',
          '      arguments:',
          `        values: [${column.allowed.map(quote).join(', ')}]`,
          '      config:',
          '        severity: warn',
        ]
  const tests = [...required, ...allowed]
  return [...meta, ...(tests.length > 0 ? ['data_tests:', ...tests] : [])]
}

// A JSON string is a YAML string, whatever stands in it.
function quote(text: string): string {
  return JSON.stringify(text)
}
