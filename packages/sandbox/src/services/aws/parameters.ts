import { PutParameterCommand, type SSMClient } from '@aws-sdk/client-ssm'

/** Writes SSM parameters, each by its full name, as SecureString. */
export async function putParameters(ssm: SSMClient, parameters: Readonly<Record<string, string>>): Promise<void> {
  for (const [Name, Value] of Object.entries(parameters)) {
    await ssm.send(new PutParameterCommand({ Name, Value, Type: 'SecureString', Overwrite: true }))
  }
}
