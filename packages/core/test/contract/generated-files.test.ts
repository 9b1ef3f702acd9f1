import { expect, test } from 'vitest'
import {
  customers,
  dataDictionary,
  datasets,
  dbtListedValuesCsv,
  dbtSourcesYaml,
  defineDataset,
  manifestJsonSchema,
} from '../../src/index.ts'

test('the sources of dbt test every required column for null and every listed value as a warning', () => {
  const yaml = dbtSourcesYaml(datasets)
  const required = datasets.flatMap((dataset) => dataset.columns).filter((column) => column.required)
  const listed = datasets.flatMap((dataset) => dataset.columns).filter((column) => column.allowed.length > 0)
  expect(required.length).toBeGreaterThan(0)
  expect(yaml.split('- not_null')).toHaveLength(required.length + 1)
  expect(yaml.split('- accepted_values:')).toHaveLength(listed.length + 1)
  expect(yaml.split('severity: warn')).toHaveLength(listed.length + 1)
})

test('the sources of dbt mark personal data as the contract does', () => {
  const yaml = dbtSourcesYaml([customers])
  const marked = customers.columns.filter((column) => column.personalData !== 'none')
  expect(yaml.split('personal_data:')).toHaveLength(marked.length + 1)
})

test('the data dictionary names every column of every dataset', () => {
  const markdown = dataDictionary(datasets)
  for (const dataset of datasets) {
    expect(markdown).toContain(`## ${dataset.name}\n`)
    for (const column of dataset.columns) expect(markdown).toContain(`| \`${column.name}\` | ${column.type} |`)
  }
})

test('the schema of the manifest is closed and asks for every property', () => {
  const schema = manifestJsonSchema()
  expect(schema['additionalProperties']).toBe(false)
  expect(schema['required']).toContain('fingerprint')
})

test('the seed of listed values has each value of each column once', () => {
  const [header, ...lines] = dbtListedValuesCsv(datasets).trimEnd().split('\n')
  expect(header).toBe('column_name,value')
  expect(lines).toContain('complaint_category,Router Delivery')
  expect(lines).toContain('gender,F')
  expect(new Set(lines).size).toBe(lines.length)
  const columns = datasets.flatMap((dataset) => dataset.columns).filter(({ allowed }) => allowed.length > 0)
  for (const { name, allowed } of columns) for (const value of allowed) expect(lines).toContain(`${name},${value}`)
})

test('a listed value with a comma or a quote is one field of the seed', () => {
  const dataset = defineDataset({
    name: 'tickets',
    description: 'Tickets.',
    version: 1,
    cadence: 'daily',
    source: { kind: 's3-csv', key: 'tickets/{date}.csv' },
    key: 'ticket_id',
    partition: 'ticket_date',
    columns: [
      { name: 'ticket_id', type: 'string', required: true, description: 'Identity.' },
      { name: 'kind', type: 'string', allowed: ['Bill, late', 'the "other"'], description: 'Kind.' },
    ],
  })
  expect(dbtListedValuesCsv([dataset])).toBe('column_name,value\nkind,"Bill, late"\nkind,"the ""other"""\n')
})
