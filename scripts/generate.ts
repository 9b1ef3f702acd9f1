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

const sections = [
  { app: 'extract-s3', schema: s3Settings },
  { app: 'extract-postgres', schema: postgresSettings },
  { app: 'extract-sheets', schema: sheetsSettings },
  { app: 'loader-snowflake', schema: migrateSettings },
]

/** Variables of the AWS SDK, which no schema of ours names. */
const awsNames = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_ENDPOINT_URL_S3',
  'AWS_ENDPOINT_URL_SSM',
  'AWS_ENDPOINT_URL_STS',
]

/** Which settings each step takes, for containers that are given no more than that. */
function stepSettings(): Record<string, readonly string[]> {
  const apps = sections.map(
    ({ app, schema }) => [app, [...new Set([...awsNames, ...Object.keys(schema.shape)])]] as const,
  )
  const loader = Object.keys(migrateSettings.shape)
  return {
    ...Object.fromEntries(apps),
    'loader-snowflake-migrate': [...new Set([...awsNames, ...loader])],
    dbt: loader.filter((name) => name.startsWith('CX_SNOWFLAKE_') && name !== 'CX_SNOWFLAKE_STORAGE_INTEGRATION'),
  }
}

const composeExample = `
# docker compose: a copy of this file called .env leaves the sandbox out and gives each step its settings. A name with a
# step before it, as in the last lines, is for that step alone.
COMPOSE_FILE=docker-compose.yml
# File that the settings of the steps are taken from: this one.
CX_SETTINGS_FILE=./.env
# Folder with the key files on the engine's machine, readable by user 10001, seen at /run/secrets.
CX_SECRETS_DIRECTORY=/etc/coretelecoms/secrets
# Where failures are told.
# CX_AIRFLOW_ALERT_WEBHOOK=https://example.com/alerts
# CX_AIRFLOW_ALERT_EMAIL=data@example.com
# First day that runs are scheduled for.
# CX_AIRFLOW_FIRST_DAY=2025-11-20
# Port of Airflow on 127.0.0.1.
# CX_PORT=8080
# With CX_SOURCE_ROLE_ARN, which is the role of extract-s3: extract-postgres may take another one only.
# EXTRACT_POSTGRES__CX_SOURCE_ROLE_ARN=arn:aws:iam::111111111111:role/cx-source-parameters
LOADER_SNOWFLAKE_MIGRATE__CX_SNOWFLAKE_USER=CX_MIGRATOR
LOADER_SNOWFLAKE_MIGRATE__CX_SNOWFLAKE_ROLE=CX_ADMIN
LOADER_SNOWFLAKE_MIGRATE__CX_SNOWFLAKE_WAREHOUSE=CX_LOAD
LOADER_SNOWFLAKE_MIGRATE__CX_SNOWFLAKE_PRIVATE_KEY_FILE=/run/secrets/cx_migrator.p8
DBT__CX_SNOWFLAKE_USER=CX_TRANSFORMER
DBT__CX_SNOWFLAKE_ROLE=CX_TRANSFORMER
DBT__CX_SNOWFLAKE_WAREHOUSE=CX_TRANSFORM
DBT__CX_SNOWFLAKE_PRIVATE_KEY_FILE=/run/secrets/cx_transformer.p8
`

const files: Readonly<Record<string, () => string>> = {
  '.env.example': () => envExample(sections) + composeExample,
  'images/airflow/step-settings.json': () => JSON.stringify(stepSettings()),
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
