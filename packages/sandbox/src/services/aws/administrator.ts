import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  EntityAlreadyExistsException,
  ListAccessKeysCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import { randomBytes } from 'node:crypto'
import { type AwsCredentials, createAwsClients } from './credentials.ts'
import { type AccountName, accountIds } from './topology.ts'

/** Name of the user that the sandbox itself acts as, in both accounts. */
export const administratorName = 'cx-sandbox'

/** ARN of that user in our account: who the app roles trust. */
export const runnerArn = `arn:aws:iam::${accountIds.own}:user/${administratorName}`

/**
 * Makes the user that the sandbox acts as in one account, with a fresh access key, and returns that key. The root of an
 * account is used for this and for nothing else: MiniStack takes an account's number as the access key of its root and
 * checks no secret with it, whereas a user's secret is checked at every request.
 */
export async function createAdministrator(endpoint: string, account: AccountName): Promise<AwsCredentials> {
  const secretAccessKey = randomBytes(24).toString('base64url')
  const root = createAwsClients(endpoint, { accessKeyId: accountIds[account], secretAccessKey })
  try {
    await root.iam.send(new CreateUserCommand({ UserName: administratorName })).catch((error: unknown) => {
      if (!(error instanceof EntityAlreadyExistsException)) throw error
    })
    const policy = {
      Version: '2012-10-17',
      Statement: [{ Sid: 'Everything', Effect: 'Allow', Action: '*', Resource: '*' }],
    }
    await root.iam.send(
      new PutUserPolicyCommand({
        UserName: administratorName,
        PolicyName: 'everything',
        PolicyDocument: JSON.stringify(policy),
      }),
    )
    // IAM allows two keys a user: those of an earlier start make room.
    const { AccessKeyMetadata = [] } = await root.iam.send(new ListAccessKeysCommand({ UserName: administratorName }))
    for (const { AccessKeyId } of AccessKeyMetadata) {
      await root.iam.send(new DeleteAccessKeyCommand({ UserName: administratorName, AccessKeyId }))
    }
    const { AccessKey } = await root.iam.send(new CreateAccessKeyCommand({ UserName: administratorName }))
    if (!AccessKey?.AccessKeyId || !AccessKey.SecretAccessKey) throw new Error('IAM returned no access key')
    return { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey }
  } finally {
    root.destroy()
  }
}
