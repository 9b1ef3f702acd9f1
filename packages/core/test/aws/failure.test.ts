import { describe, expect, test } from 'vitest'
import { awsFailure } from '../../src/aws/failure.ts'

const call = { action: 's3:GetObject', resource: 's3://bucket/key' }

function failure(name: string, message = '', status?: number): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } })
}

describe('awsFailure', () => {
  test('names the action that was denied and where to add it', () => {
    expect(awsFailure(failure('AccessDenied', 'Access Denied', 403), call)).toMatchObject({
      code: 'access_denied',
      exitCode: 2,
      message:
        's3:GetObject on s3://bucket/key was denied; add s3:GetObject to the policy of the role that this process runs under',
    })
    const told = 'User: arn:aws:sts::2:x is not authorized to perform: s3:ListBucket on resource: "arn:aws:s3:::bucket"'
    expect(awsFailure(failure('AccessDenied', told, 403), call).message).toMatch(
      /^s3:ListBucket on .* add s3:ListBucket/,
    )
  })

  test('names the role that could not be assumed, and both policies that may lack', () => {
    const told =
      'User: arn:aws:sts::2:x is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::1:role/cx-source'
    const { message } = awsFailure(failure('AccessDenied', told, 403), call)
    expect(message).toMatch(/^sts:AssumeRole on arn:aws:iam::1:role\/cx-source was denied, which s3:GetObject on s3:/)
    expect(message).toContain('trust policy')
  })

  test('tells refused credentials from denied actions', () => {
    expect(awsFailure(failure('SignatureDoesNotMatch', '', 403), call)).toMatchObject({
      code: 'credentials',
      exitCode: 2,
    })
  })

  test('takes what is left for transient and names it, a refused connection by its code', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
    expect(awsFailure(refused, call)).toMatchObject({
      exitCode: 1,
      message: expect.stringContaining('(ECONNREFUSED)') as string,
    })
    expect(awsFailure(failure('SlowDown', '', 503), call).message).toContain('(SlowDown, HTTP 503)')
  })
})
