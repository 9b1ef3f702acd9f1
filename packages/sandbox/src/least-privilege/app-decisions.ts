import { databaseParameterPath, pseudonymKeyParameter } from '../services/aws/topology.ts'
import { type Decision, decisionsOf } from './decision.ts'
import { elsewhere, keys, lake, parameter, raw, role, via } from './resources.ts'

const datasets = ['customers', 'agents', 'call_logs', 'social_media', 'web_forms'] as const

const extractors = [
  { app: 'extract-s3', lands: ['customers', 'call_logs', 'social_media'], source: 'cx-source-objects' },
  { app: 'extract-postgres', lands: ['web_forms'], source: 'cx-source-parameters' },
  { app: 'extract-sheets', lands: ['agents'], source: undefined },
] as const satisfies readonly { app: string; lands: readonly (typeof datasets)[number][]; source: string | undefined }[]

const file = 'day=2025-11-20/part-00000.parquet'
const sheetsSecret = '/coretelecoms/extract-sheets/service_account'

/** What the extractors, the loader, Snowflake and the roles in the source account may do, and what they may not. */
export function appDecisions(): Decision[] {
  return [
    ...extractors.flatMap(extractorDecisions),
    ...loaderDecisions(),
    ...migrationDecisions(),
    ...storageDecisions(),
    ...sourceDecisions(),
  ]
}

function extractorDecisions({ app, lands, source }: (typeof extractors)[number]): Decision[] {
  const { allow, deny } = decisionsOf(app)
  const landed: readonly string[] = lands
  const others = datasets.filter((dataset) => !landed.includes(dataset))
  const assumable = ['cx-source-objects', 'cx-source-parameters']
  return [
    ...lands.flatMap((dataset) => [
      allow('s3:GetObject', raw(`raw/${dataset}/${file}`)),
      allow('s3:PutObject', raw(`raw/${dataset}/${file}`)),
      allow('s3:PutObject', raw(`quarantine/${dataset}/${file}`)),
      allow('s3:ListBucket', raw(), { context: { 's3:prefix': `raw/${dataset}/` } }),
      deny('s3:GetObject', raw(`quarantine/${dataset}/${file}`)),
      deny('s3:DeleteObject', raw(`raw/${dataset}/${file}`)),
      deny('s3:DeleteObject', raw(`quarantine/${dataset}/${file}`)),
    ]),
    ...others.flatMap((dataset) => [
      deny('s3:GetObject', raw(`raw/${dataset}/${file}`)),
      deny('s3:PutObject', raw(`raw/${dataset}/${file}`)),
      deny('s3:PutObject', raw(`quarantine/${dataset}/${file}`)),
      deny('s3:ListBucket', raw(), { context: { 's3:prefix': `raw/${dataset}/` } }),
    ]),
    // A dataset whose name begins like one of ours is another.
    deny('s3:PutObject', raw(`raw/${lands[0]}_of_others/${file}`)),
    deny('s3:PutObject', raw(file)),
    deny('s3:ListBucket', raw()),
    deny('s3:ListBucket', raw(), { context: { 's3:prefix': 'raw/' } }),
    deny('s3:ListBucket', raw(), { context: { 's3:prefix': `quarantine/${lands[0]}/` } }),
    deny('s3:GetBucketPolicy', raw()),
    deny('s3:PutBucketPolicy', raw()),
    deny('s3:GetObject', elsewhere(`raw/${lands[0]}/${file}`)),
    deny('s3:PutObject', elsewhere(`raw/${lands[0]}/${file}`)),
    deny('s3:ListBucket', elsewhere(), { context: { 's3:prefix': `raw/${lands[0]}/` } }),
    deny('s3:GetObject', lake('customers/customers_dataset.csv')),
    allow('kms:GenerateDataKey', keys.rawZone, { context: via('s3') }),
    allow('kms:Decrypt', keys.rawZone, { context: via('s3') }),
    deny('kms:Decrypt', keys.rawZone),
    deny('kms:GenerateDataKey', keys.another, { context: via('s3') }),
    deny('kms:Decrypt', keys.another, { context: via('s3') }),
    deny('kms:Decrypt', keys.parameters),
    deny('ssm:GetParameter', parameter(pseudonymKeyParameter)),
    deny('ssm:GetParameter', parameter(sheetsSecret)),
    ...assumable.map((name) =>
      name === source
        ? allow('sts:AssumeRole', role(name, 'source'), { context: { 'sts:ExternalId': 'known' } })
        : deny('sts:AssumeRole', role(name, 'source'), { context: { 'sts:ExternalId': 'known' } }),
    ),
    ...(source === undefined ? [] : [deny('sts:AssumeRole', role(source, 'source'))]),
    deny('sts:AssumeRole', role('cx-loader-snowflake')),
  ]
}

function loaderDecisions(): Decision[] {
  const { allow, deny } = decisionsOf('loader-snowflake')
  const pseudonymKey = parameter(pseudonymKeyParameter)
  return [
    ...datasets.flatMap((dataset) => [
      allow('s3:GetObject', raw(`raw/${dataset}/${file}`)),
      allow('s3:GetObject', raw(`quarantine/${dataset}/${file}`)),
      deny('s3:PutObject', raw(`raw/${dataset}/${file}`)),
      deny('s3:PutObject', raw(`quarantine/${dataset}/${file}`)),
      deny('s3:DeleteObject', raw(`raw/${dataset}/${file}`)),
    ]),
    allow('s3:ListBucket', raw(), { context: { 's3:prefix': 'raw/agents/' } }),
    deny('s3:ListBucket', raw()),
    deny('s3:ListBucket', raw(), { context: { 's3:prefix': 'quarantine/' } }),
    deny('s3:GetObject', raw('elsewhere')),
    deny('s3:GetObject', elsewhere(`raw/agents/${file}`)),
    deny('s3:GetObject', lake('customers/customers_dataset.csv')),
    allow('kms:Decrypt', keys.rawZone, { context: via('s3') }),
    deny('kms:Decrypt', keys.another, { context: via('s3') }),
    deny('kms:Decrypt', keys.rawZone),
    deny('kms:GenerateDataKey', keys.rawZone),
    deny('ssm:GetParameter', pseudonymKey),
    deny('kms:Decrypt', keys.parameters, {
      context: via('ssm', pseudonymKey),
      notAsked: 'asked with GetParameter only',
    }),
    deny('kms:Decrypt', keys.parameters),
    deny('ssm:PutParameter', pseudonymKey),
    deny('ssm:GetParameter', parameter('/coretelecoms/loader-snowflake-migrate/private_key')),
    deny('ssm:GetParameter', parameter(sheetsSecret)),
    deny('ssm:GetParametersByPath', parameter('/coretelecoms/warehouse')),
    deny('sts:AssumeRole', role('cx-source-objects', 'source'), { context: { 'sts:ExternalId': 'known' } }),
    deny('sts:AssumeRole', role('cx-snowflake-storage')),
  ]
}

function migrationDecisions(): Decision[] {
  const { allow, deny } = decisionsOf('loader-snowflake-migrate')
  const pseudonymKey = parameter(pseudonymKeyParameter)
  return [
    // No such object stands there, and if one did, the role could not decrypt it.
    allow('s3:GetObject', raw('raw/check'), { notAsked: 'asked by HEAD for what is not there' }),
    allow('s3:ListBucket', raw(), { context: { 's3:prefix': 'raw/check' } }),
    deny('s3:ListBucket', raw()),
    deny('s3:ListBucket', raw(), { context: { 's3:prefix': 'raw/customers/' } }),
    deny('s3:GetObject', raw(`raw/customers/${file}`)),
    deny('s3:GetObject', raw(`quarantine/customers/${file}`)),
    deny('s3:PutObject', raw('raw/check')),
    deny('kms:Decrypt', keys.rawZone, { context: via('s3') }),
    allow('ssm:GetParameter', pseudonymKey),
    allow('kms:Decrypt', keys.parameters, { context: via('ssm', pseudonymKey) }),
    deny('kms:Decrypt', keys.parameters),
    deny('ssm:PutParameter', pseudonymKey),
    deny('ssm:GetParameter', parameter('/coretelecoms/loader-snowflake/private_key')),
    deny('ssm:GetParametersByPath', parameter('/coretelecoms/warehouse')),
    deny('sts:AssumeRole', role('cx-loader-snowflake')),
  ]
}

function storageDecisions(): Decision[] {
  const { allow, deny } = decisionsOf('snowflake-storage')
  return [
    ...datasets.flatMap((dataset) => [
      allow('s3:GetObject', raw(`raw/${dataset}/${file}`)),
      allow('s3:GetObject', raw(`quarantine/${dataset}/${file}`)),
      deny('s3:PutObject', raw(`raw/${dataset}/${file}`)),
      deny('s3:DeleteObject', raw(`raw/${dataset}/${file}`)),
    ]),
    allow('s3:ListBucket', raw(), { context: { 's3:prefix': 'raw/' } }),
    allow('s3:ListBucket', raw(), { context: { 's3:prefix': 'quarantine/agents/' } }),
    allow('s3:GetBucketLocation', raw()),
    deny('s3:ListBucket', raw()),
    deny('s3:GetBucketPolicy', raw()),
    deny('s3:GetObject', raw('elsewhere')),
    deny('s3:GetObject', elsewhere(`raw/agents/${file}`)),
    deny('s3:ListBucket', elsewhere(), { context: { 's3:prefix': 'raw/' } }),
    allow('kms:Decrypt', keys.rawZone, { context: via('s3') }),
    deny('kms:Decrypt', keys.another, { context: via('s3') }),
    deny('kms:Decrypt', keys.rawZone),
    deny('ssm:GetParameter', parameter(pseudonymKeyParameter)),
    deny('sts:AssumeRole', role('cx-loader-snowflake')),
  ]
}

function sourceDecisions(): Decision[] {
  const objects = decisionsOf('source-objects')
  const parameters = decisionsOf('source-parameters')
  const databasePath = databaseParameterPath.replace(/\/$/, '')
  const deliveries = ['customers/customers_dataset.csv', 'call logs/call_logs_day.csv', 'social_medias/media_day.json']
  return [
    ...deliveries.flatMap((key) => [
      objects.allow('s3:GetObject', lake(key)),
      objects.allow('s3:ListBucket', lake(), { context: { 's3:prefix': key } }),
      objects.deny('s3:PutObject', lake(key)),
      objects.deny('s3:DeleteObject', lake(key)),
    ]),
    objects.deny('s3:GetObject', lake('payroll/salaries.csv')),
    objects.deny('s3:ListBucket', lake()),
    objects.deny('s3:ListBucket', lake(), { context: { 's3:prefix': 'payroll/' } }),
    objects.deny('s3:GetObject', raw(`raw/customers/${file}`)),
    objects.deny('ssm:GetParametersByPath', parameter(databasePath, 'source')),
    parameters.allow('ssm:GetParametersByPath', parameter(databasePath, 'source')),
    parameters.allow('ssm:GetParametersByPath', parameter(`${databasePath}/replica`, 'source')),
    parameters.deny('ssm:GetParametersByPath', parameter('/coretelecomms', 'source')),
    parameters.deny('ssm:GetParametersByPath', parameter('/coretelecomms/payroll', 'source')),
    parameters.deny('ssm:PutParameter', parameter(`${databasePath}/db_host`, 'source')),
    parameters.deny('s3:GetObject', lake(deliveries[0])),
  ]
}
