import type { Decision } from '../../src/least-privilege/decision.ts'

/** A request before it is signed. */
export interface ServiceRequest {
  readonly service: string
  readonly method: string
  /** Path and query. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

const targets: Readonly<Record<string, string>> = {
  ecr: 'AmazonEC2ContainerRegistry_V20150921',
  ecs: 'AmazonEC2ContainerServiceV20141113',
  kms: 'TrentService',
  logs: 'Logs_20140328',
  ssm: 'AmazonSSM',
}

const keyHeaders = (keyArn: string) => ({
  'x-amz-server-side-encryption': 'aws:kms',
  'x-amz-server-side-encryption-aws-kms-key-id': keyArn,
})

/** Writes an object under a key. */
export function putObject(objectArn: string, keyArn?: string): ServiceRequest {
  const headers = keyArn === undefined ? {} : keyHeaders(keyArn)
  return { service: 's3', method: 'PUT', path: objectPath(objectArn), headers, body: 'text' }
}

/** Reads an object. */
export function getObject(objectArn: string): ServiceRequest {
  return { service: 's3', method: 'GET', path: objectPath(objectArn) }
}

/** A call of the services that take JSON and the name of the operation in a header. */
export function call(service: string, operation: string, parameters: object): ServiceRequest {
  const target = targets[service]
  if (target === undefined) throw new TypeError(`${service} does not take JSON`)
  return {
    service,
    method: 'POST',
    path: '/',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `${target}.${operation}` },
    body: JSON.stringify(parameters),
  }
}

/** The request that a row is about, where it takes no more than the row says. */
export function requestOf({ action, resource, context }: Decision, externalId: string): ServiceRequest {
  const [service = '', operation = ''] = action.split(':')
  const tail = resource.split(':').slice(5).join(':')
  switch (service) {
    case 's3':
      return s3Request(operation, resource, context['s3:prefix'])
    case 'ssm':
      return call('ssm', operation, ssmParameters(operation, tail.replace(/^parameter/, '')))
    case 'kms':
      return call('kms', operation, kmsParameters(operation, resource))
    case 'ecr':
      return call('ecr', operation, ecrParameters(operation, tail.replace(/^repository\//, '')))
    case 'ecs':
      return call('ecs', operation, { cluster: tail.split('/')[1], task: resource, tasks: [resource] })
    case 'logs':
      return call('logs', operation, logsParameters(operation, tail))
    case 'sts':
      return query('sts', '2011-06-15', {
        Action: operation,
        RoleArn: resource,
        RoleSessionName: 'judge',
        ...(context['sts:ExternalId'] === undefined ? {} : { ExternalId: externalId }),
      })
    case 'iam':
      return query('iam', '2010-05-08', { Action: operation, ...iamParameters(operation, resource) })
    default:
      throw new TypeError(`no request is known for ${action}`)
  }
}

function s3Request(operation: string, resource: string, prefix: string | undefined): ServiceRequest {
  const path = objectPath(resource)
  const bucket = `/${path.split('/')[1] ?? ''}`
  const requests: Readonly<Record<string, ServiceRequest>> = {
    GetObject: getObject(resource),
    PutObject: putObject(resource),
    DeleteObject: { service: 's3', method: 'DELETE', path },
    ListBucket: {
      service: 's3',
      method: 'GET',
      path: `${bucket}?list-type=2${prefix === undefined ? '' : `&prefix=${encodeURIComponent(prefix)}`}`,
    },
    GetBucketLocation: { service: 's3', method: 'GET', path: `${bucket}?location` },
    GetBucketPolicy: { service: 's3', method: 'GET', path: `${bucket}?policy` },
    PutBucketPolicy: {
      service: 's3',
      method: 'PUT',
      path: `${bucket}?policy`,
      body: '{"Version":"2012-10-17","Statement":[]}',
    },
    DeleteBucket: { service: 's3', method: 'DELETE', path: bucket },
  }
  const request = requests[operation]
  if (!request) throw new TypeError(`no request is known for s3:${operation}`)
  return request
}

function objectPath(arn: string): string {
  const segments = arn.replace('arn:aws:s3:::', '').split('/')
  return `/${segments.map(encodeURIComponent).join('/')}`
}

function ssmParameters(operation: string, name: string): object {
  if (operation === 'GetParameters') return { Names: [name] }
  if (operation === 'GetParametersByPath') return { Path: name }
  return operation === 'PutParameter' ? { Name: name, Value: 'text', Type: 'String', Overwrite: true } : { Name: name }
}

function kmsParameters(operation: string, keyArn: string): object {
  if (operation === 'CreateKey') return {}
  return {
    KeyId: keyArn,
    CiphertextBlob: 'dGV4dA==',
    Plaintext: 'dGV4dA==',
    KeySpec: 'AES_256',
    PendingWindowInDays: 30,
  }
}

function ecrParameters(operation: string, repositoryName: string): object {
  if (operation === 'GetAuthorizationToken') return {}
  const image = { imageManifest: '{}', imageIds: [{ imageTag: 'dev' }], lifecyclePolicyText: '{"rules":[]}' }
  return { repositoryName, ...image }
}

function logsParameters(operation: string, tail: string): object {
  const [, logGroupName = '', , logStreamName = 'run'] = tail.split(':')
  if (operation === 'PutLogEvents')
    return { logGroupName, logStreamName, logEvents: [{ timestamp: 1, message: 'text' }] }
  return operation === 'PutRetentionPolicy'
    ? { logGroupName, retentionInDays: 365 }
    : { logGroupName, ...(operation === 'GetLogEvents' ? { logStreamName } : {}) }
}

function iamParameters(operation: string, resource: string): Record<string, string> {
  const name = resource.split('/').at(-1) ?? ''
  const document = '{"Version":"2012-10-17","Statement":[]}'
  if (operation.endsWith('User')) return { UserName: name }
  if (operation.includes('Policy') && resource.includes(':policy/')) {
    return { PolicyArn: resource, PolicyDocument: document }
  }
  return {
    RoleName: name,
    AssumeRolePolicyDocument: document,
    PolicyDocument: document,
    PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess',
  }
}

function query(service: string, version: string, parameters: Readonly<Record<string, string>>): ServiceRequest {
  return {
    service,
    method: 'POST',
    path: '/',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ Version: version, ...parameters }).toString(),
  }
}
