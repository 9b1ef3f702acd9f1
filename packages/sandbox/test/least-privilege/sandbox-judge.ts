import { AssumeRoleCommand } from '@aws-sdk/client-sts'
import { AwsClient } from 'aws4fetch'
import type { Decision } from '../../src/least-privilege/decision.ts'
import { deploymentValues } from '../../src/least-privilege/rendered-policies.ts'
import { elsewhere, state } from '../../src/least-privilege/resources.ts'
import { runnerArn } from '../../src/services/aws/administrator.ts'
import { createBucket } from '../../src/services/aws/buckets.ts'
import { type AwsCredentials, createAwsClients } from '../../src/services/aws/credentials.ts'
import { putParameters } from '../../src/services/aws/parameters.ts'
import { type PolicyDocument, readPolicyTemplate, renderPolicy } from '../../src/services/aws/policy.ts'
import { putRole } from '../../src/services/aws/roles.ts'
import type { AwsService } from '../../src/services/aws/start.ts'
import {
  type AccountName,
  accountIds,
  appNames,
  bucketNames,
  region,
  sourceRoles,
} from '../../src/services/aws/topology.ts'
import { credentialsOf } from '../services/aws/local-aws.ts'
import { call, getObject, putObject, requestOf, type ServiceRequest } from './requests.ts'

/** Judges by asking the local AWS as the role would. */
export interface SandboxJudge {
  /** Whether the request is let through. Throws when the answer says neither. */
  ask(decision: Decision): Promise<boolean>
}

/** Readies what is asked for, and the roles that are not there yet. The rows are needed to find places to write to. */
export async function createSandboxJudge(
  service: AwsService,
  policies: ReadonlyMap<string, PolicyDocument>,
  rows: readonly Decision[],
): Promise<SandboxJudge> {
  const { own } = service.administrators
  await createBucket(own.clients.s3, elsewhere().replace('arn:aws:s3:::', ''))
  await createBucket(own.clients.s3, state().replace('arn:aws:s3:::', ''))
  const sessions = new Map<string, AwsCredentials>()
  const { CX_SOURCE_EXTERNAL_ID: externalId = '' } = await service.assumeAppRole('extract-s3')

  const sessionOf = async (role: string): Promise<AwsCredentials> => {
    const session = sessions.get(role) ?? (await openSession(service, policies, role))
    sessions.set(role, session)
    return session
  }
  const send = async (credentials: AwsCredentials, request: ServiceRequest): Promise<Answer> => {
    const { service: name, method, path, headers = {}, body = '' } = request
    const signer = new AwsClient({ ...credentials, service: name, region, retries: 0 })
    const response = await signer.fetch(`${service.endpoint}${path}`, {
      method,
      headers,
      ...(method === 'GET' ? {} : { body }),
    })
    return { status: response.status, text: await response.text() }
  }
  const asAdministrator = async (account: AccountName, request: ServiceRequest): Promise<void> => {
    const { status, text } = await send(service.administrators[account].credentials, request)
    if (status >= 300) throw new Error(`the administrator could not make ${request.path}: ${text}`)
  }

  /** An object that the role may read or write, so that only the key is in question. */
  const placeOf = ({ role }: Decision, action: string): string => {
    const row = rows.find((each) => each.role === role && each.action === action && each.isAllowed)
    if (!row) throw new Error(`${role} has no object of its own to ask for a key with`)
    return row.resource
  }
  const prepare = async (decision: Decision): Promise<ServiceRequest> => {
    const { action, resource, context } = decision
    const by = context['kms:ViaService']
    if (by?.startsWith('s3.') === true) {
      const place = placeOf(decision, action === 'kms:Decrypt' ? 's3:GetObject' : 's3:PutObject')
      if (action !== 'kms:Decrypt') return putObject(place, resource)
      await asAdministrator('own', putObject(place, resource))
      return getObject(place)
    }
    if (by?.startsWith('ssm.') === true) {
      const name = (context['kms:EncryptionContext:PARAMETER_ARN'] ?? '').split(':parameter').at(-1) ?? ''
      await putParameters(own.clients.ssm, { [name]: 'text' }, resource)
      return call('ssm', 'GetParameter', { Name: name, WithDecryption: true })
    }
    // An absent object is answered by another verb: whether one may know that it is absent.
    if (action === 's3:GetObject') {
      await asAdministrator(resource.includes(bucketNames.source) ? 'source' : 'own', putObject(resource))
    }
    return requestOf(decision, externalId)
  }
  return {
    async ask(decision) {
      return judge(decision, await send(await sessionOf(decision.role), await prepare(decision)))
    },
  }
}

interface Answer {
  readonly status: number
  readonly text: string
}

function judge({ role, action, resource }: Decision, { status, text }: Answer): boolean {
  if (text.includes(`is not authorized to perform: ${action}`)) return false
  // What comes after the check of the rights is not our question: the thing may be absent, or the request too short.
  if (
    status < 300 ||
    status === 404 ||
    (status === 400 && !/AccessDenied|Signature|UnknownOperation|InvalidAction/.test(text))
  ) {
    return true
  }
  throw new Error(`${role} ${action} ${resource}: neither allowed nor denied: ${status} ${text}`)
}

async function openSession(
  service: AwsService,
  policies: ReadonlyMap<string, PolicyDocument>,
  name: string,
): Promise<AwsCredentials> {
  const app = appNames.find((each) => each === name)
  if (app) return credentialsOf(await service.assumeAppRole(app))
  const source = sourceRoles.find(({ policy }) => policy === name)
  const { clients } = service.administrators.own
  if (source) {
    const environment = await service.assumeAppRole(source.app)
    const { CX_SOURCE_ROLE_ARN: roleArn = '', CX_SOURCE_EXTERNAL_ID: externalId = '' } = environment
    const { sts } = createAwsClients(service.endpoint, credentialsOf(environment))
    return assume(sts, roleArn, externalId)
  }
  const policy = policies.get(name)
  if (!policy) throw new Error(`there is no policy ${name}`)
  const template = await readPolicyTemplate('trust/app-role')
  const trust = renderPolicy({ name: 'trust', template, values: { ...deploymentValues, runner_arn: runnerArn } })
  await putRole(clients.iam, { name: `cx-${name}`, trust, policy })
  return assume(clients.sts, `arn:aws:iam::${accountIds.own}:role/cx-${name}`)
}

async function assume(
  sts: ReturnType<typeof createAwsClients>['sts'],
  RoleArn: string,
  ExternalId?: string,
): Promise<AwsCredentials> {
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName: 'judge', ...(ExternalId === undefined ? {} : { ExternalId }) }),
  )
  return {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  }
}
