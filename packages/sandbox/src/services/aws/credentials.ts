import { IAMClient } from '@aws-sdk/client-iam'
import { S3Client } from '@aws-sdk/client-s3'
import { SSMClient } from '@aws-sdk/client-ssm'
import { STSClient } from '@aws-sdk/client-sts'
import { region } from './topology.ts'

/** An access key, with a token if it is a session's. */
export interface AwsCredentials {
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string
}

/** Clients of the local AWS under one key. */
export interface AwsClients {
  readonly iam: IAMClient
  readonly s3: S3Client
  readonly ssm: SSMClient
  readonly sts: STSClient
  /** Closes their connections. */
  destroy(): void
}

/** Makes clients of the local AWS that act under one key. */
export function createAwsClients(endpoint: string, credentials: AwsCredentials): AwsClients {
  const configuration = { region, endpoint, credentials, maxAttempts: 2 }
  const iam = new IAMClient(configuration)
  const s3 = new S3Client({ ...configuration, forcePathStyle: true })
  const ssm = new SSMClient(configuration)
  const sts = new STSClient(configuration)
  return { iam, s3, ssm, sts, destroy: () => [iam, s3, ssm, sts].forEach((client) => client.destroy()) }
}

/** The environment variables that a process finds its credentials and the local AWS by. */
export function awsEnvironment(endpoint: string, credentials: AwsCredentials): Record<string, string> {
  return {
    AWS_REGION: region,
    AWS_ENDPOINT_URL_S3: endpoint,
    AWS_ENDPOINT_URL_SSM: endpoint,
    AWS_ENDPOINT_URL_STS: endpoint,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    ...(credentials.sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: credentials.sessionToken }),
    // The shared configuration of the person at the keyboard has no say.
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
  }
}
