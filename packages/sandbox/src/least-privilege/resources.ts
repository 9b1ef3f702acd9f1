import { accountIds, bucketNames, keyArns, region } from '../services/aws/topology.ts'
import { deploymentValues } from './rendered-policies.ts'

/** The raw bucket, or an object in it. */
export function raw(key?: string): string {
  return bucketArn(bucketNames.own, key)
}

/** The bucket of the deliveries, or an object in it. */
export function lake(key?: string): string {
  return bucketArn(bucketNames.source, key)
}

/** The bucket of the Terraform state, or an object in it. */
export function state(key?: string): string {
  return bucketArn(deploymentValues['state_bucket'] ?? '', key)
}

/** A bucket of ours that no policy names. */
export function elsewhere(key?: string): string {
  return bucketArn('coretelecoms-elsewhere', key)
}

/** An SSM parameter of an account, by its full name. */
export function parameter(name: string, account: keyof typeof accountIds = 'own'): string {
  return `arn:aws:ssm:${region}:${accountIds[account]}:parameter${name}`
}

/** An IAM role of an account. */
export function role(name: string, account: keyof typeof accountIds = 'own'): string {
  return `arn:aws:iam::${accountIds[account]}:role/${name}`
}

/** Something in our account and region, by its service and the rest of its ARN. */
export function own(service: string, rest: string): string {
  return `arn:aws:${service}:${region}:${accountIds.own}:${rest}`
}

/** Keys of our account: the three that policies name, and one that none does. */
export const keys = {
  rawZone: keyArns.rawZone,
  parameters: keyArns.parameters,
  state: deploymentValues['state_key_arn'] ?? '',
  another: own('kms', 'key/5d3a0c1e-7b1f-4a52-9a65-0f6c2c1d8eff'),
} as const

/** A request that a service makes to KMS for whoever asked it. */
export function via(service: 's3' | 'ssm', parameterArn?: string): Record<string, string> {
  return {
    'kms:ViaService': `${service}.${region}.amazonaws.com`,
    ...(parameterArn === undefined ? {} : { 'kms:EncryptionContext:PARAMETER_ARN': parameterArn }),
  }
}

function bucketArn(bucket: string, key?: string): string {
  return `arn:aws:s3:::${bucket}${key === undefined ? '' : `/${key}`}`
}
