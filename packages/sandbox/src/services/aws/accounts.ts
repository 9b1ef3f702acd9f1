import { AssumeRoleCommand } from '@aws-sdk/client-sts'
import { randomBytes } from 'node:crypto'
import { administratorName, createAdministrator, runnerArn } from './administrator.ts'
import { createBucket, encryptBucket } from './buckets.ts'
import { type AwsClients, type AwsCredentials, awsEnvironment, createAwsClients } from './credentials.ts'
import { putParameters } from './parameters.ts'
import { policyValues } from './policy-values.ts'
import { type PolicyDocument, type PolicyValues, readPolicyTemplate, renderPolicy } from './policy.ts'
import { putRole, putRolePolicy, sessionSeconds } from './roles.ts'
import {
  type AccountName,
  accountIds,
  type AppName,
  appNames,
  bucketNames,
  keyArns,
  pseudonymKeyParameter,
  roleArn,
  roleName,
  sourceRoles,
} from './topology.ts'

/** The two accounts, ready for use. */
export interface AwsAccounts {
  /** What each account's administrator, which is the sandbox itself, may use. */
  readonly administrators: Readonly<Record<AccountName, { clients: AwsClients; credentials: AwsCredentials }>>
  /** The policy an app runs under, as rendered from infra/policies. */
  appPolicy(app: AppName): PolicyDocument
  /** Replaces the policy of an app's role, until the next start. Sessions that exist are under it at once. */
  replaceAppPolicy(app: AppName, policy: PolicyDocument): Promise<void>
  /** The policy of the role by which an app reaches the source account. */
  sourcePolicy(app: (typeof sourceRoles)[number]['app']): PolicyDocument
  /** Replaces that one. */
  replaceSourcePolicy(app: (typeof sourceRoles)[number]['app'], policy: PolicyDocument): Promise<void>
  /**
   * Opens a session of an app's role. Returns the environment variables that its process needs to speak to AWS: region,
   * endpoints, credentials, and CX_SOURCE_ROLE_ARN and CX_SOURCE_EXTERNAL_ID for an app that reads the source account.
   */
  assumeAppRole(app: AppName): Promise<Record<string, string>>
}

/**
 * Sets up both accounts of the local AWS: an administrator, the bucket, and a role an app with the policy that a real
 * deployment ships, and the key that personal data is hashed with. May be repeated; objects that are there stay.
 */
export async function prepareAccounts(endpoint: string, pseudonymKey: string): Promise<AwsAccounts> {
  const [source, own] = await Promise.all([openAccount(endpoint, 'source'), openAccount(endpoint, 'own')])
  await encryptBucket(own.clients.s3, bucketNames.own, keyArns.rawZone)
  await putParameters(own.clients.ssm, { [pseudonymKeyParameter]: pseudonymKey }, keyArns.parameters)
  // A secret between the two accounts, so that nobody else's use of our app can be turned on the source.
  const externalId = randomBytes(16).toString('hex')
  const policies = new Map<string, PolicyDocument>()

  const appTrust = await render('trust/app-role', { runner_arn: runnerArn })
  for (const app of appNames) {
    const policy = await render(app, policyValues)
    policies.set(app, policy)
    await putRole(own.clients.iam, { name: roleName(app), trust: appTrust, policy })
  }
  for (const role of sourceRoles) {
    const policy = await render(role.policy, policyValues)
    policies.set(role.policy, policy)
    const trustValues = { own_account_id: accountIds.own, app_role: roleName(role.app), external_id: externalId }
    const trust = await render('trust/source-role', trustValues)
    await putRole(source.clients.iam, { name: roleName(role.policy), trust, policy })
  }

  const sourceRole = (app: AppName) => sourceRoles.find((role) => role.app === app)
  const policyOf = (name: string | undefined): PolicyDocument => {
    const policy = name === undefined ? undefined : policies.get(name)
    if (!policy) throw new Error(`there is no policy for ${name ?? 'this app in the source account'}`)
    return structuredClone(policy)
  }
  return {
    administrators: { source, own },
    appPolicy: (app) => policyOf(app),
    replaceAppPolicy: (app, policy) => putRolePolicy(own.clients.iam, { name: roleName(app), policy }),
    sourcePolicy: (app) => policyOf(sourceRole(app)?.policy),
    async replaceSourcePolicy(app, policy) {
      const role = sourceRoles.find((each) => each.app === app)
      if (!role) throw new Error(`${app} has no role in the source account`)
      await putRolePolicy(source.clients.iam, { name: roleName(role.policy), policy })
    },
    async assumeAppRole(app) {
      const credentials = await assumeRole(own.clients, app)
      const role = sourceRole(app)
      return {
        ...awsEnvironment(endpoint, credentials),
        ...(role ? { CX_SOURCE_ROLE_ARN: roleArn(role.policy), CX_SOURCE_EXTERNAL_ID: externalId } : {}),
      }
    },
  }
}

async function openAccount(
  endpoint: string,
  account: AccountName,
): Promise<{ clients: AwsClients; credentials: AwsCredentials }> {
  const credentials = await createAdministrator(endpoint, account)
  const clients = createAwsClients(endpoint, credentials)
  await createBucket(clients.s3, bucketNames[account])
  return { clients, credentials }
}

async function render(name: string, values: PolicyValues): Promise<PolicyDocument> {
  return renderPolicy({ name, template: await readPolicyTemplate(name), values })
}

async function assumeRole(clients: AwsClients, app: AppName): Promise<AwsCredentials> {
  const { Credentials } = await clients.sts.send(
    new AssumeRoleCommand({
      RoleArn: roleArn(app),
      RoleSessionName: administratorName,
      DurationSeconds: sessionSeconds,
    }),
  )
  if (!Credentials?.AccessKeyId || !Credentials.SecretAccessKey || !Credentials.SessionToken) {
    throw new Error(`STS returned no session for ${roleArn(app)}`)
  }
  return {
    accessKeyId: Credentials.AccessKeyId,
    secretAccessKey: Credentials.SecretAccessKey,
    sessionToken: Credentials.SessionToken,
  }
}
