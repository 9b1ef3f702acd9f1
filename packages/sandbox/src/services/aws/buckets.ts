import {
  BucketAlreadyOwnedByYou,
  CreateBucketCommand,
  PutBucketEncryptionCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { region } from './topology.ts'

/** Makes a bucket in the region, unless this account has it already. */
export async function createBucket(s3: S3Client, name: string): Promise<void> {
  const command = new CreateBucketCommand({
    Bucket: name,
    // Without it the bucket would lie in us-east-1, wherever the client thinks it is.
    CreateBucketConfiguration: { LocationConstraint: region },
  })
  await s3.send(command).catch((error: unknown) => {
    if (!(error instanceof BucketAlreadyOwnedByYou)) throw error
  })
}

/** Encrypts what is written to a bucket from now on under a key, unless the writer names another. */
export async function encryptBucket(s3: S3Client, name: string, keyArn: string): Promise<void> {
  const byDefault = { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: keyArn } as const
  await s3.send(
    new PutBucketEncryptionCommand({
      Bucket: name,
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: byDefault, BucketKeyEnabled: true }],
      },
    }),
  )
}
