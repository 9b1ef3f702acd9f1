import { accountIds } from '../services/aws/topology.ts'
import { type Decision, decisionsOf } from './decision.ts'
import { elsewhere, keys, own, parameter, raw, role, state, via } from './resources.ts'

const steps = [
  'extract-s3',
  'extract-postgres',
  'extract-sheets',
  'loader-snowflake',
  'loader-snowflake-migrate',
  'dbt',
] as const
const boundary = { 'iam:PermissionsBoundary': `arn:aws:iam::${accountIds.own}:policy/cx-boundary` }
const toTasks = { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' }
const toPods = { 'iam:PassedToService': 'pods.eks.amazonaws.com' }
const cluster = { 'ecs:cluster': own('ecs', 'cluster/coretelecoms') }

/** PassRole is no request of its own: a service checks it while it is asked for something else. */
const passed = { notAsked: 'no request of its own' }
/** The local AWS answers these without the condition key, or not at all. */
const unknown = { notAsked: 'the local AWS does not fill in this condition' }
const coarser = { notAsked: 'the local AWS checks this on a wider resource than AWS does' }
const absent = { notAsked: 'the local AWS has no such service' }

/** What Airflow, the start of a step and the workflows of the repository may do, and what they may not. */
export function deploymentDecisions(): Decision[] {
  return [
    ...steps.flatMap(launchDecisions),
    ...airflowDecisions(),
    ...imagesDecisions(),
    ...planDecisions(),
    ...applyDecisions(),
  ]
}

function launchDecisions(step: (typeof steps)[number]): Decision[] {
  const { allow, deny } = decisionsOf(`launch-${step}`)
  const other = step === 'dbt' ? 'extract-sheets' : 'dbt'
  const image = step === 'loader-snowflake-migrate' ? 'loader-snowflake' : step
  const another = step === 'loader-snowflake-migrate' ? 'loader-snowflake' : 'loader-snowflake-migrate'
  const secret = parameter(`/coretelecoms/${step}/private_key`)
  return [
    allow('ecr:GetAuthorizationToken', '*'),
    allow('ecr:BatchGetImage', own('ecr', `repository/coretelecoms/${image}`)),
    deny('ecr:BatchGetImage', own('ecr', `repository/coretelecoms/${other}`)),
    deny('ecr:PutImage', own('ecr', `repository/coretelecoms/${image}`)),
    allow('logs:PutLogEvents', own('logs', `log-group:/coretelecoms/${step}:log-stream:run`), coarser),
    deny('logs:PutLogEvents', own('logs', `log-group:/coretelecoms/${other}:log-stream:run`)),
    allow('ssm:GetParameters', secret, coarser),
    deny('ssm:GetParameters', parameter(`/coretelecoms/${other}/private_key`)),
    deny('ssm:GetParameters', parameter('/coretelecoms/warehouse/pseudonym_key')),
    deny('ssm:GetParameters', parameter(`/coretelecoms/${another}/private_key`)),
    allow('kms:Decrypt', keys.parameters, { context: via('ssm', secret), notAsked: 'asked with GetParameter only' }),
    deny('kms:Decrypt', keys.parameters, {
      context: via('ssm', parameter('/coretelecoms/warehouse/pseudonym_key')),
      notAsked: 'asked with GetParameter only',
    }),
    deny('kms:Decrypt', keys.parameters),
    deny('s3:GetObject', raw('raw/agents/part.parquet')),
  ]
}

function airflowDecisions(): Decision[] {
  const { allow, deny } = decisionsOf('airflow')
  return [
    allow('ecs:RunTask', own('ecs', 'task-definition/cx-extract-s3:1'), { context: cluster, ...unknown }),
    deny('ecs:RunTask', own('ecs', 'task-definition/cx-extract-s3:1'), {
      context: { 'ecs:cluster': own('ecs', 'cluster/another') },
      ...unknown,
    }),
    deny('ecs:RunTask', own('ecs', 'task-definition/payroll:1'), { context: cluster, ...unknown }),
    allow('ecs:DescribeTasks', own('ecs', 'task/coretelecoms/abc'), coarser),
    allow('ecs:StopTask', own('ecs', 'task/coretelecoms/abc'), coarser),
    deny('ecs:StopTask', own('ecs', 'task/another/abc')),
    allow('iam:PassRole', role('cx-extract-s3'), { context: toTasks, ...passed }),
    allow('iam:PassRole', role('cx-dbt-launch'), { context: toTasks, ...passed }),
    allow('iam:PassRole', role('cx-loader-snowflake-migrate'), { context: toTasks, ...passed }),
    deny('iam:PassRole', role('cx-github-apply'), { context: toTasks, ...passed }),
    deny('iam:PassRole', role('cx-extract-s3'), { context: toPods, ...passed }),
    allow('logs:GetLogEvents', own('logs', 'log-group:/coretelecoms/dbt:log-stream:run')),
    deny('logs:GetLogEvents', own('logs', 'log-group:/another:log-stream:run')),
    deny('s3:GetObject', raw('raw/agents/part.parquet')),
    deny('ssm:GetParameter', parameter('/coretelecoms/warehouse/pseudonym_key')),
    deny('sts:AssumeRole', role('cx-extract-s3')),
  ]
}

function imagesDecisions(): Decision[] {
  const { allow, deny } = decisionsOf('images')
  return [
    allow('ecr:GetAuthorizationToken', '*'),
    allow('ecr:PutImage', own('ecr', 'repository/coretelecoms/dbt')),
    deny('ecr:PutImage', own('ecr', 'repository/another')),
    deny('ecr:BatchDeleteImage', own('ecr', 'repository/coretelecoms/dbt')),
    deny('ecr:DeleteRepository', own('ecr', 'repository/coretelecoms/dbt')),
    deny('s3:GetObject', raw('raw/agents/part.parquet')),
    deny('s3:GetObject', state('coretelecoms/aws.tfstate')),
  ]
}

function planDecisions(): Decision[] {
  const { allow, deny } = decisionsOf('plan')
  return [
    allow('s3:GetObject', state('coretelecoms/aws.tfstate')),
    allow('s3:ListBucket', state(), { context: { 's3:prefix': 'coretelecoms/aws.tfstate' } }),
    allow('kms:Decrypt', keys.state, { context: via('s3') }),
    deny('s3:PutObject', state('coretelecoms/aws.tfstate')),
    deny('s3:DeleteObject', state('coretelecoms/aws.tfstate')),
    deny('s3:GetObject', state('another/aws.tfstate')),
    deny('s3:ListBucket', state()),
    deny('s3:GetObject', raw('raw/customers/part.parquet')),
    deny('kms:Decrypt', keys.rawZone, { context: via('s3') }),
    deny('ssm:GetParameter', parameter('/coretelecoms/warehouse/pseudonym_key')),
    deny('iam:CreateRole', role('cx-another')),
    deny('sts:AssumeRole', role('cx-github-apply')),
  ]
}

function applyDecisions(): Decision[] {
  const { allow, deny } = decisionsOf('apply')
  const group = own('logs', 'log-group:/coretelecoms/dbt')
  return [
    allow('s3:PutObject', state('coretelecoms/aws.tfstate')),
    allow('s3:DeleteObject', state('coretelecoms/aws.tfstate.tflock')),
    deny('s3:PutObject', state('coretelecoms/state.tfstate')),
    allow('s3:ListBucket', state(), { context: { 's3:prefix': 'coretelecoms/aws.tfstate' } }),
    allow('kms:GenerateDataKey', keys.state, { context: via('s3') }),
    deny('kms:Decrypt', keys.state),
    allow('s3:PutBucketPolicy', raw()),
    deny('s3:PutBucketPolicy', elsewhere()),
    deny('s3:DeleteBucket', raw()),
    deny('s3:GetObject', raw('raw/customers/part.parquet')),
    deny('s3:PutObject', raw('raw/customers/part.parquet')),
    allow('kms:CreateKey', '*'),
    allow('kms:EnableKeyRotation', keys.rawZone),
    deny('kms:ScheduleKeyDeletion', keys.rawZone),
    deny('kms:Decrypt', keys.rawZone),
    allow('ssm:PutParameter', parameter('/coretelecoms/warehouse/pseudonym_key')),
    deny('ssm:PutParameter', parameter('/coretelecoms/warehouse/pseudonym_key'), {
      context: { 'ssm:Overwrite': 'true' },
      ...unknown,
    }),
    deny('ssm:PutParameter', parameter('/another/key')),
    deny('ssm:DeleteParameter', parameter('/coretelecoms/warehouse/pseudonym_key')),
    allow('kms:Encrypt', keys.parameters, {
      context: via('ssm'),
      notAsked: 'the local AWS asks for no key on a write',
    }),
    deny('kms:Encrypt', keys.another, { context: via('ssm'), notAsked: 'the local AWS asks for no key on a write' }),
    allow('logs:DescribeLogGroups', '*'),
    allow('iam:CreateRole', role('cx-another'), { context: boundary, ...unknown }),
    deny('iam:CreateRole', role('cx-another')),
    deny('iam:CreateRole', role('another'), { context: boundary, ...unknown }),
    deny('iam:CreateRole', role('cx-github-another'), { context: boundary, ...unknown }),
    allow('iam:UpdateAssumeRolePolicy', role('cx-extract-s3')),
    deny('iam:UpdateAssumeRolePolicy', role('cx-github-apply')),
    deny('iam:AttachRolePolicy', role('cx-extract-s3')),
    deny('iam:DeleteRolePermissionsBoundary', role('cx-extract-s3')),
    allow('iam:GetPolicy', `arn:aws:iam::${accountIds.own}:policy/cx-boundary`),
    deny('iam:CreatePolicyVersion', `arn:aws:iam::${accountIds.own}:policy/cx-boundary`),
    deny('iam:CreateUser', `arn:aws:iam::${accountIds.own}:user/another`),
    allow('iam:PassRole', role('cx-extract-s3'), { context: toPods, ...passed }),
    allow('iam:PassRole', role('cx-loader-snowflake-migrate'), { context: toPods, ...passed }),
    deny('iam:PassRole', role('cx-extract-s3'), { context: toTasks, ...passed }),
    deny('iam:PassRole', role('cx-github-apply'), { context: toPods, ...passed }),
    allow('eks:CreatePodIdentityAssociation', own('eks', 'cluster/coretelecoms'), absent),
    allow('logs:PutRetentionPolicy', group),
    deny('logs:DeleteLogGroup', group),
    allow('ecr:PutLifecyclePolicy', own('ecr', 'repository/coretelecoms/dbt')),
    deny('ecr:DeleteRepository', own('ecr', 'repository/coretelecoms/dbt')),
    allow('budgets:ModifyBudget', `arn:aws:budgets::${accountIds.own}:budget/cx-platform`, absent),
  ]
}
