import type { PolicyValues } from './policy.ts'
import { accountIds, bucketNames, keyArns, region } from './topology.ts'

/** What the placeholders of every policy template stand for in the two local accounts. */
export const policyValues: PolicyValues = {
  raw_bucket: bucketNames.own,
  source_bucket: bucketNames.source,
  own_account_id: accountIds.own,
  source_account_id: accountIds.source,
  region,
  raw_key_arn: keyArns.rawZone,
  parameters_key_arn: keyArns.parameters,
}
