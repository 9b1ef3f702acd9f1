import {
  CreateRoleCommand,
  EntityAlreadyExistsException,
  type IAMClient,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam'
import type { PolicyDocument } from './policy.ts'

/** Longest session of an app's role; the longest that IAM allows. */
export const sessionSeconds = 12 * 60 * 60

/** Makes a role, or brings one that is there to this trust and this policy. */
export async function putRole(
  iam: IAMClient,
  role: { name: string; trust: PolicyDocument; policy: PolicyDocument },
): Promise<void> {
  const trust = JSON.stringify(role.trust)
  const creation = new CreateRoleCommand({
    RoleName: role.name,
    AssumeRolePolicyDocument: trust,
    MaxSessionDuration: sessionSeconds,
  })
  try {
    await iam.send(creation)
  } catch (error) {
    if (!(error instanceof EntityAlreadyExistsException)) throw error
    await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: role.name, PolicyDocument: trust }))
  }
  await putRolePolicy(iam, role)
}

/** Replaces the policy of a role; sessions that were made before act under the new one at once. */
export async function putRolePolicy(iam: IAMClient, role: { name: string; policy: PolicyDocument }): Promise<void> {
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: role.name,
      PolicyName: role.name,
      PolicyDocument: JSON.stringify(role.policy),
    }),
  )
}
