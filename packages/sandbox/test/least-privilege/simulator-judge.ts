import { runSimulation } from '@cloud-copilot/iam-simulate'
import type { Decision } from '../../src/least-privilege/decision.ts'
import { runnerArn } from '../../src/services/aws/administrator.ts'
import { type PolicyDocument, readPolicyTemplate, renderPolicy } from '../../src/services/aws/policy.ts'
import { accountIds, bucketNames, sourceRoles } from '../../src/services/aws/topology.ts'

/** What a judge says of one row. */
export interface Judgement {
  readonly isAllowed: boolean
  /** Statements that decided it, by their Sid. */
  readonly statements: readonly string[]
}

/** Roles that have no boundary: those of the source account, and those by which workflows come in. */
const unbounded = ['source-objects', 'source-parameters', 'images', 'plan', 'apply']

/** Judges by a simulator of IAM: the policy of the role, its boundary, and the policy of what is asked for. */
export async function simulate(decision: Decision, policies: ReadonlyMap<string, PolicyDocument>): Promise<Judgement> {
  const { role, action, resource, context } = decision
  const boundary = unbounded.includes(role) ? [] : [{ name: 'boundary', policy: required(policies, 'boundary') }]
  const simulation = await runSimulation(
    {
      request: {
        principal: `arn:aws:sts::${accountOf(role)}:assumed-role/cx-${role}/judge`,
        action,
        resource: { resource, accountId: ownerOf(resource, accountOf(role)) },
        contextVariables: known(context),
      },
      identityPolicies: [{ name: role, policy: known(required(policies, role)) }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      permissionBoundaryPolicies: boundary,
      resourcePolicy: await policyOf(resource),
    },
    {},
  )
  if (simulation.resultType !== 'single') {
    throw new Error(`${role} ${action} ${resource}: cannot be simulated: ${JSON.stringify(simulation)}`)
  }
  const identity = simulation.result.analysis.identityAnalysis
  const decisive = [...(identity?.allowStatements ?? []), ...(identity?.denyStatements ?? [])]
  const statements = decisive.map(({ statement }) => statement.sid() ?? '')
  return { isAllowed: simulation.overallResult === 'Allowed', statements }
}

/**
 * The simulator drops the condition key of an encryption context, whose second half is free. The same is put to it under
 * a key that it knows, in the policy and in the request alike; no policy of ours uses that one.
 */
function known<Value>(value: Value): Value {
  const text = JSON.stringify(value)
  if (text.includes('kms:RequestAlias')) throw new Error('kms:RequestAlias is used as a stand-in here')
  return JSON.parse(text.replaceAll('kms:EncryptionContext:PARAMETER_ARN', 'kms:RequestAlias')) as Value
}

function required(policies: ReadonlyMap<string, PolicyDocument>, name: string): PolicyDocument {
  const policy = policies.get(name)
  if (!policy) throw new Error(`there is no policy ${name}`)
  return policy
}

function accountOf(role: string): string {
  return sourceRoles.some(({ policy }) => policy === role) ? accountIds.source : accountIds.own
}

function ownerOf(resource: string, otherwise: string): string {
  if (resource.startsWith(`arn:aws:s3:::${bucketNames.source}`)) return accountIds.source
  return /^arn:aws:[^:]*:[^:]*:(\d{12}):/.exec(resource)?.[1] ?? otherwise
}

/** A key leaves its use to IAM; a role has its trust; nothing else has a policy of its own. */
async function policyOf(resource: string): Promise<PolicyDocument | undefined> {
  if (resource.startsWith('arn:aws:kms:')) {
    const root = `arn:aws:iam::${accountIds.own}:root`
    const statement = { Sid: 'LeaveItToIam', Effect: 'Allow' as const, Principal: { AWS: root }, Action: 'kms:*' }
    return { Version: '2012-10-17', Statement: [{ ...statement, Resource: '*' }] }
  }
  const name = /:role\/cx-(.+)$/.exec(resource)?.[1]
  if (name === undefined) return undefined
  const source = sourceRoles.find(({ policy }) => policy === name)
  const template = source ? 'trust/source-role' : 'trust/app-role'
  const values = source
    ? { own_account_id: accountIds.own, app_role: `cx-${source.app}`, external_id: 'known' }
    : { runner_arn: runnerArn }
  return renderPolicy({ name: template, template: await readPolicyTemplate(template), values })
}
