import { policyValues } from '../services/aws/policy-values.ts'
import { type PolicyDocument, type PolicyValues, readPolicyTemplate, renderPolicy } from '../services/aws/policy.ts'
import { appNames, sourceRoles } from '../services/aws/topology.ts'

/** The steps that are started as containers. */
const steps = [
  'extract-s3',
  'extract-postgres',
  'extract-sheets',
  'loader-snowflake',
  'loader-snowflake-migrate',
  'dbt',
] as const

/** What else the policies of a deployment name, beside what the apps' policies do. Names of nothing that exists. */
export const deploymentValues: PolicyValues = {
  ...policyValues,
  state_bucket: 'coretelecoms-terraform-state',
  state_key_arn: `arn:aws:kms:${policyValues['region'] ?? ''}:${policyValues['own_account_id'] ?? ''}:key/5d3a0c1e-7b1f-4a52-9a65-0f6c2c1d8e03`,
  ecs_cluster_name: 'coretelecoms',
}

interface Template {
  /** Name of the policy once it is rendered. */
  readonly name: string
  /** Path of the template below infra/policies, without its ending. */
  readonly template: string
  readonly values: PolicyValues
}

const templates: readonly Template[] = [
  ...[...appNames, ...sourceRoles.map(({ policy }) => policy)].map((name) => ({
    name,
    template: name,
    values: policyValues,
  })),
  ...['airflow', 'apply', 'boundary', 'images', 'plan'].map((name) => ({
    name,
    template: `deployment/${name}`,
    values: deploymentValues,
  })),
  ...steps.map((step) => ({
    name: `launch-${step}`,
    template: 'deployment/launch',
    values: { ...deploymentValues, step, image: step === 'loader-snowflake-migrate' ? 'loader-snowflake' : step },
  })),
]

/**
 * Every policy that a deployment has, by its name, as rendered for the two local accounts. They are kept in
 * infra/policies/rendered: the tests of Terraform compare their own rendering with those files, and ours is compared by
 * `npm run generate -- --check`, so that both are known to be the same.
 */
export async function renderPolicies(): Promise<ReadonlyMap<string, PolicyDocument>> {
  const rendered = await Promise.all(
    templates.map(async ({ name, template, values }): Promise<[string, PolicyDocument]> => {
      return [name, renderPolicy({ name, template: await readPolicyTemplate(template), values })]
    }),
  )
  return new Map(rendered)
}
