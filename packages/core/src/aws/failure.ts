import { S3ServiceException } from '@aws-sdk/client-s3'
import { ConfigError } from '../errors/config-error.ts'
import { PermissionError } from '../errors/permission-error.ts'
import type { PlatformError } from '../errors/platform-error.ts'
import { TransientError } from '../errors/transient-error.ts'

/** Which call failed, for the message. */
export interface FailedCall {
  /** IAM action, for example `s3:PutObject`. */
  action: string
  /** What it was done to: `s3://bucket/key`, or an SSM path. */
  resource: string
}

const credentialFaults = new Set([
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'SignatureDoesNotMatch',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidToken',
  'UnrecognizedClientException',
  'CredentialsProviderError',
])
const denials = new Set(['AccessDenied', 'AccessDeniedException', '403', 'Forbidden'])

/** Turns a failure of the AWS SDK into the PlatformError that tells what to do. */
export function awsFailure(error: unknown, call: FailedCall): PlatformError {
  const name = failureName(error)
  const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : httpStatus(error)
  const context = { action: call.action, resource: call.resource, cause: name, status }
  if (credentialFaults.has(name)) {
    return new PermissionError(
      'credentials',
      `${call.action} on ${call.resource}: the AWS credentials were refused (${name}); check the key, its secret and its expiry`,
      { cause: error, context },
    )
  }
  if (denials.has(name) || status === 403) {
    return new PermissionError('access_denied', describeDenial(error, call), { cause: error, context })
  }
  if (name === 'NoSuchBucket') {
    return new ConfigError('no_bucket', `${call.resource}: there is no such bucket; check its name in the settings`, {
      cause: error,
      context,
    })
  }
  return new TransientError(
    'aws',
    `${call.action} on ${call.resource} failed (${name}${status === undefined ? '' : `, HTTP ${status}`}); run again, the SDK's own retries are used up`,
    { cause: error, context },
  )
}

function describeDenial(error: unknown, call: FailedCall): string {
  // "User: … is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111111111111:role/x because …"
  const told = /perform: (?<action>[a-z0-9-]+:[A-Za-z]+)(?: on resource: "?(?<resource>[^\s"]+))?/.exec(
    error instanceof Error ? error.message : '',
  )?.groups
  const action = told?.['action'] ?? call.action
  if (action === 'sts:AssumeRole') {
    const role = told?.['resource'] ?? 'the role'
    return `sts:AssumeRole on ${role} was denied, which ${call.action} on ${call.resource} needs; add sts:AssumeRole on it to the policy of the role that this process runs under, and have its trust policy name that role and this external id`
  }
  return `${action} on ${call.resource} was denied; add ${action} to the policy of the role that this process runs under`
}

// A connection that fails has no name of its own but a code: ECONNREFUSED, ETIMEDOUT.
function failureName(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.name === 'Error' && 'code' in error ? String(error.code) : error.name
}

function httpStatus(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return undefined
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } }
  return $metadata?.httpStatusCode
}
