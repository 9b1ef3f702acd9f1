import { PutParameterCommand, type SSMClient } from '@aws-sdk/client-ssm'

/** Writes SSM parameters, each by its full name, as SecureString: under a key of ours, or the one that AWS manages. */
export async function putParameters(
  ssm: SSMClient,
  parameters: Readonly<Record<string, string>>,
  keyArn?: string,
): Promise<void> {
  const key = keyArn === undefined ? {} : { KeyId: keyArn }
  for (const [Name, Value] of Object.entries(parameters)) {
    await ssm.send(new PutParameterCommand({ Name, Value, Type: 'SecureString', Overwrite: true, ...key }))
  }
}
