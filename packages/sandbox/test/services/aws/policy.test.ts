import { readdir } from 'node:fs/promises'
import { expect, test } from 'vitest'
import {
  policyActions,
  type PolicyDocument,
  readPolicyTemplate,
  renderPolicy,
  withoutAction,
} from '../../../src/services/aws/policy.ts'

const values = {
  raw_bucket: 'raw',
  source_bucket: 'lake',
  own_account_id: '222222222222',
  source_account_id: '111111111111',
  region: 'eu-north-1',
  raw_key_arn: 'arn:aws:kms:eu-north-1:222222222222:key/raw',
  parameters_key_arn: 'arn:aws:kms:eu-north-1:222222222222:key/parameters',
}

function render(statement: object, extra: object = {}): PolicyDocument {
  const template = JSON.stringify({ Version: '2012-10-17', Statement: [statement], ...extra })
  return renderPolicy({ name: 'example', template, values })
}

test('placeholders are replaced wherever they stand', () => {
  const policy = render({
    Sid: 'A',
    Effect: 'Allow',
    Action: 's3:GetObject',
    Resource: ['arn:aws:s3:::${raw_bucket}/*', '${raw_bucket}${source_bucket}'],
  })
  expect(policy.Statement[0]?.Resource).toEqual(['arn:aws:s3:::raw/*', 'rawlake'])
})

test.each(['${raw_buckt}', '${}', '${toString}', '${raw_bucket', '${aws:username}'])(
  '%s is an error that names it and what is known',
  (placeholder) => {
    const statement = { Sid: 'A', Effect: 'Allow', Action: 's3:GetObject', Resource: placeholder }
    expect(() => render(statement)).toThrow(`policy example: there is no value for ${placeholder}; known are own_acc`)
  },
)

test('a value cannot break out of its place', () => {
  const template =
    '{"Version":"2012-10-17","Statement":[{"Sid":"A","Effect":"Allow","Action":"a:B","Resource":"${name}"}]}'
  const policy = renderPolicy({ name: 'example', template, values: { name: 'x","Effect":"Deny' } })
  expect(policy.Statement[0]).toMatchObject({ Effect: 'Allow', Resource: 'x","Effect":"Deny' })
})

test('what is no policy is refused by name', () => {
  const statement = { Sid: 'A', Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }
  expect(() => render({ ...statement, Sid: 'with blanks' })).toThrow('policy example is not an IAM policy')
  expect(() => render({ ...statement, Actions: '*' })).toThrow('policy example is not an IAM policy')
  expect(() => renderPolicy({ name: 'example', template: '{', values })).toThrow('policy example is not JSON')
})

test('an action is taken away wherever it is allowed, and a statement that is empty then goes', () => {
  const policy: PolicyDocument = {
    Version: '2012-10-17',
    Statement: [
      { Sid: 'A', Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: 'x' },
      { Sid: 'B', Effect: 'Allow', Action: 's3:GetObject', Resource: 'y' },
    ],
  }
  expect(policyActions(policy)).toEqual(['s3:GetObject', 's3:PutObject'])
  expect(withoutAction(policy, 's3:GetObject').Statement).toEqual([
    { Sid: 'A', Effect: 'Allow', Action: ['s3:PutObject'], Resource: 'x' },
  ])
  expect(() => withoutAction(policy, 's3:DeleteObject')).toThrow('no s3:DeleteObject')
})

// The verbs that each process really uses, written down a second time: a verb that is added to a policy has to be
// added here as well, by somebody who thinks about it.
test.each([
  [
    'extract-s3',
    ['kms:Decrypt', 'kms:GenerateDataKey', 's3:GetObject', 's3:ListBucket', 's3:PutObject', 'sts:AssumeRole'],
  ],
  [
    'extract-postgres',
    ['kms:Decrypt', 'kms:GenerateDataKey', 's3:GetObject', 's3:ListBucket', 's3:PutObject', 'sts:AssumeRole'],
  ],
  ['extract-sheets', ['kms:Decrypt', 'kms:GenerateDataKey', 's3:GetObject', 's3:ListBucket', 's3:PutObject']],
  ['loader-snowflake', ['kms:Decrypt', 's3:GetObject', 's3:ListBucket']],
  ['loader-snowflake-migrate', ['kms:Decrypt', 's3:GetObject', 's3:ListBucket', 'ssm:GetParameter']],
  ['snowflake-storage', ['kms:Decrypt', 's3:GetBucketLocation', 's3:GetObject', 's3:ListBucket']],
  ['source-objects', ['s3:GetObject', 's3:ListBucket']],
  ['source-parameters', ['ssm:GetParametersByPath']],
])('%s allows %j, on named resources only', async (name, actions) => {
  const policy = renderPolicy({ name, template: await readPolicyTemplate(name), values })
  expect(policyActions(policy)).toEqual(actions)
  for (const { Effect, Resource } of policy.Statement) {
    expect(Effect).toBe('Allow')
    for (const arn of [Resource ?? '*'].flat()) expect(arn).toMatch(/^arn:aws:(s3|iam|ssm|kms):[^*]/)
  }
})

test('every policy that is shipped is one of those', async () => {
  const names = await readdir(new URL('../../../../../infra/policies/', import.meta.url))
  expect(names.filter((name) => name.endsWith('.json')).sort()).toEqual([
    'extract-postgres.json',
    'extract-s3.json',
    'extract-sheets.json',
    'loader-snowflake-migrate.json',
    'loader-snowflake.json',
    'snowflake-storage.json',
    'source-objects.json',
    'source-parameters.json',
  ])
})
