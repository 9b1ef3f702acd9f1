/** Region of both accounts. */
export const region = 'eu-north-1'

/** The account that the sources belong to, and ours. Two accounts, as in reality: no credential is valid in both. */
export const accountIds = { source: '111111111111', own: '222222222222' } as const

/** Which of the two accounts. */
export type AccountName = keyof typeof accountIds

/** Where deliveries appear, and where they land. */
export const bucketNames = { source: 'core-telecoms-data-lake', own: 'coretelecoms-raw-zone' } as const

/** SSM path, in the source account, that leads to the web forms' database. The double m is the source's own. */
export const databaseParameterPath = '/coretelecomms/database/'

/** SSM parameter, in our account, with the key that personal data is hashed with. */
export const pseudonymKeyParameter = '/coretelecoms/warehouse/pseudonym_key'

/** Keys of our account: what each of them encrypts is named by it. */
export const keyArns = {
  rawZone: `arn:aws:kms:${region}:${accountIds.own}:key/5d3a0c1e-7b1f-4a52-9a65-0f6c2c1d8e01`,
  parameters: `arn:aws:kms:${region}:${accountIds.own}:key/5d3a0c1e-7b1f-4a52-9a65-0f6c2c1d8e02`,
} as const

/** What runs under a role of its own in our account, each by the policy in infra/policies that is called like it. */
export const appNames = [
  'extract-s3',
  'extract-postgres',
  'extract-sheets',
  'loader-snowflake',
  'loader-snowflake-migrate',
  'snowflake-storage',
] as const

/** One of them. */
export type AppName = (typeof appNames)[number]

/** Roles in the source account, by the policy they have, and the one app that may assume each. */
export const sourceRoles = [
  { policy: 'source-objects', app: 'extract-s3' },
  { policy: 'source-parameters', app: 'extract-postgres' },
] as const satisfies readonly { policy: string; app: AppName }[]

/** Name of the role that has a policy. */
export function roleName(policy: AppName | (typeof sourceRoles)[number]['policy']): string {
  return `cx-${policy}`
}

/** ARN of the role that has a policy. */
export function roleArn(policy: AppName | (typeof sourceRoles)[number]['policy']): string {
  const account = policy === 'source-objects' || policy === 'source-parameters' ? 'source' : 'own'
  return `arn:aws:iam::${accountIds[account]}:role/${roleName(policy)}`
}
