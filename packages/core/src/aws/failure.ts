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
  const name = error instanceof Error ? error.name : String(error)
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
    return new PermissionError(
      'access_denied',
      `${deniedAction(error) ?? call.action} on ${call.resource} was denied; add ${deniedAction(error) ?? call.action} to the policy of the role that this process runs under`,
      { cause: error, context },
    )
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

// "User: … is not authorized to perform: sts:AssumeRole on resource: …"
function deniedAction(error: unknown): string | undefined {
  return error instanceof Error ? /perform: ([a-z0-9-]+:[A-Za-z]+)/.exec(error.message)?.[1] : undefined
}

function httpStatus(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return undefined
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } }
  return $metadata?.httpStatusCode
}
