import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { customers, dataDictionary, datasets, dbtSourcesYaml, manifestJsonSchema } from '../../src/index.ts'

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

test('the data dictionary in docs is of the contracts of today', () => {
  const file = new URL('../../../../docs/data-dictionary.md', import.meta.url)
  for (const dataset of datasets) expect(readFileSync(file, 'utf8')).toContain(`\`${dataset.name}@${dataset.version}\``)
})
