// Writes every file that is generated from the contracts; with --check it fails when one of them is not current.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import {
  dataDictionary,
  datasets,
  dbtListedValuesCsv,
  dbtSourcesYaml,
  envExample,
  manifestJsonSchema,
} from '@coretelecoms/core'
import { format, getFileInfo, resolveConfig } from 'prettier'
import { settings as postgresSettings } from '../apps/extract-postgres/src/settings.ts'
import { settings as s3Settings } from '../apps/extract-s3/src/settings.ts'
import { settings as sheetsSettings } from '../apps/extract-sheets/src/settings.ts'
import { migrateSettings } from '../apps/loader-snowflake/src/settings.ts'
import { appDecisions } from '../packages/sandbox/src/least-privilege/app-decisions.ts'
import { decisionTable } from '../packages/sandbox/src/least-privilege/decision-table.ts'
import { deploymentDecisions } from '../packages/sandbox/src/least-privilege/deployment-decisions.ts'
import { personalColumns } from '../packages/sandbox/src/least-privilege/personal-columns.ts'
import { renderPolicies } from '../packages/sandbox/src/least-privilege/rendered-policies.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

const renderedPolicies = [...(await renderPolicies())].map(([name, policy]): [string, () => string] => [
  `infra/policies/rendered/${name}.json`,
  () => JSON.stringify(policy),
])

const files: Readonly<Record<string, () => string>> = {
  '.env.example': () =>
    envExample([
      { app: 'extract-s3', schema: s3Settings },
      { app: 'extract-postgres', schema: postgresSettings },
      { app: 'extract-sheets', schema: sheetsSettings },
      { app: 'loader-snowflake', schema: migrateSettings },
    ]),
  'dbt/models/staging/_sources.yml': () => dbtSourcesYaml(datasets),
  'dbt/seeds/contract_values.csv': () => dbtListedValuesCsv(datasets),
  'docs/data-dictionary.md': () => dataDictionary(datasets),
  'docs/least-privilege.md': () => decisionTable([...appDecisions(), ...deploymentDecisions()]),
  'docs/manifest.schema.json': () => JSON.stringify(manifestJsonSchema()),
  'infra/snowflake-tables/personal-columns.json': () => JSON.stringify(personalColumns(datasets)),
  ...Object.fromEntries(renderedPolicies),
}

const { values: flags } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
const stale: string[] = []
for (const [path, generate] of Object.entries(files)) {
  const file = join(root, path)
  // In the form that the formatter keeps, so that formatting the repository does not make it stale.
  const { inferredParser } = await getFileInfo(file)
  const text = inferredParser
    ? await format(generate(), { ...(await resolveConfig(file)), filepath: file })
    : generate()
  if ((await readText(file)) === text) continue
  stale.push(path)
  if (flags.check) continue
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, text)
}
if (flags.check && stale.length > 0) {
  process.stderr.write(
    `not generated from the contracts of today: ${stale.join(', ')}\nmend it with: npm run generate\n`,
  )
  process.exitCode = 1
} else {
  process.stderr.write(stale.length > 0 ? `written: ${stale.join(', ')}\n` : 'every generated file is current\n')
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
