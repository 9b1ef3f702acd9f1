import { AssumeRoleCommand } from '@aws-sdk/client-sts'
import { fileURLToPath } from 'node:url'
import { ensurePythonEnvironment } from '../../../src/python/environment.ts'
import { type AwsClients, type AwsCredentials, createAwsClients } from '../../../src/services/aws/credentials.ts'
import { type AwsService, startAws } from '../../../src/services/aws/start.ts'
import type { AppName } from '../../../src/services/aws/topology.ts'

const repository = fileURLToPath(new URL('../../../../../', import.meta.url))

/** Starts the local AWS with the Python of this repository. */
export async function startLocalAws(sandboxDirectory: string): Promise<AwsService> {
  const { python } = await ensurePythonEnvironment({ name: 'aws', root: repository })
  return startAws({ python, sandboxDirectory })
}

/** Takes the credentials out of what a process gets. */
export function credentialsOf(environment: Record<string, string>): AwsCredentials {
  const { AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '', AWS_SESSION_TOKEN = '' } = environment
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    sessionToken: AWS_SESSION_TOKEN,
  }
}

/** Clients that act as an app does: in our account, and, for an app that may, in the source account. */
export async function actAs(service: AwsService, app: AppName): Promise<{ own: AwsClients; source: AwsClients }> {
  const environment = await service.assumeAppRole(app)
  const own = createAwsClients(service.endpoint, credentialsOf(environment))
  const { CX_SOURCE_ROLE_ARN: RoleArn, CX_SOURCE_EXTERNAL_ID: ExternalId } = environment
  if (RoleArn === undefined) return { own, source: own }
  const { Credentials } = await own.sts.send(
    new AssumeRoleCommand({ RoleArn, ExternalId, RoleSessionName: 'coretelecoms-cx' }),
  )
  const source = createAwsClients(service.endpoint, {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  })
  return { own, source }
}
