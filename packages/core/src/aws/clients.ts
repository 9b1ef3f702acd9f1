import { S3Client } from '@aws-sdk/client-s3'
import { SSMClient } from '@aws-sdk/client-ssm'
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers'

/** Whose AWS account a client speaks to: our own by the environment's credentials, or one reached by a role in it. */
export interface AwsAccount {
  readonly region: string
  /** Role assumed with the process's own credentials; undefined: those credentials themselves. */
  readonly roleArn?: string | undefined
  readonly externalId?: string | undefined
}

/** How long a client waits before it gives an attempt up. */
export interface ClientTimeouts {
  /** For a connection. */
  readonly connectMs?: number
  /** For the next byte on a connection, while a body is read as well; without it the SDK would wait for ever on S3. */
  readonly silenceMs?: number
}

/** How often the SDK tries a request, its own back-off between. */
const maxAttempts = 5

/**
 * Makes an S3 client. Endpoints and credentials come from the standard AWS environment variables; an endpoint that is
 * set is taken for an emulator and addressed by path. A server that falls silent counts as a failed attempt.
 */
export function createS3Client(account: AwsAccount, timeouts: ClientTimeouts = {}): S3Client {
  const client = new S3Client({
    region: account.region,
    maxAttempts,
    requestHandler: handlerTimeouts(timeouts),
    // The SDK takes the empty text for none, and so do we.
    forcePathStyle: Boolean(process.env['AWS_ENDPOINT_URL_S3']),
    // We send sha256 of our own with every body; without this the SDK adds a CRC and verifies one on ranged reads.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...credentials(account),
  })
  // Over plain http the SDK would hash each body again for its signature: hand it the sum that we have.
  client.middlewareStack.add(
    (next) => (args) => {
      const { headers } = args.request as { headers: Record<string, string> }
      const checksum = headers['x-amz-checksum-sha256']
      if (checksum !== undefined) headers['x-amz-content-sha256'] = Buffer.from(checksum, 'base64').toString('hex')
      return next(args)
    },
    { step: 'build', priority: 'low', name: 'reuseBodySha256' },
  )
  return client
}

/** Makes an SSM client, with the same rules as `createS3Client`. */
export function createSsmClient(account: AwsAccount, timeouts: ClientTimeouts = {}): SSMClient {
  return new SSMClient({
    region: account.region,
    maxAttempts,
    requestHandler: handlerTimeouts(timeouts),
    ...credentials(account),
  })
}

function handlerTimeouts({ connectMs = 10_000, silenceMs = 60_000 }: ClientTimeouts): {
  connectionTimeout: number
  socketTimeout: number
} {
  return { connectionTimeout: connectMs, socketTimeout: silenceMs }
}

function credentials(account: AwsAccount): { credentials?: ReturnType<typeof fromTemporaryCredentials> } {
  if (account.roleArn === undefined) return {}
  return {
    credentials: fromTemporaryCredentials({
      params: {
        RoleArn: account.roleArn,
        RoleSessionName: 'coretelecoms-cx',
        ...(account.externalId === undefined ? {} : { ExternalId: account.externalId }),
      },
      clientConfig: { region: account.region, maxAttempts, requestHandler: handlerTimeouts({}) },
    }),
  }
}
