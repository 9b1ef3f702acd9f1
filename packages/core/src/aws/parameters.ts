import { GetParameterCommand, GetParametersByPathCommand, type SSMClient } from '@aws-sdk/client-ssm'
import { ConfigError } from '../errors/config-error.ts'
import { awsFailure } from './failure.ts'

/** The part of the SDK's client that is used here. */
export type SsmSender = Pick<SSMClient, 'send'>

/**
 * Reads every parameter directly below a path, decrypted: the last part of its name → its value. Throws a ConfigError
 * when there is none, a PermissionError when the role may not read them.
 */
export async function readParameters(client: SsmSender, path: string): Promise<Map<string, string>> {
  const parameters = new Map<string, string>()
  let token: string | undefined
  do {
    const command = new GetParametersByPathCommand({
      Path: path,
      WithDecryption: true,
      ...(token === undefined ? {} : { NextToken: token }),
    })
    const page = await client.send(command).catch((error: unknown) => {
      throw awsFailure(error, { action: 'ssm:GetParametersByPath', resource: path })
    })
    for (const { Name, Value } of page.Parameters ?? []) {
      if (Name !== undefined && Value !== undefined) parameters.set(Name.slice(Name.lastIndexOf('/') + 1), Value)
    }
    token = page.NextToken
  } while (token !== undefined)
  if (parameters.size > 0) return parameters
  throw new ConfigError('no_parameters', `there is no SSM parameter below ${path}; check the path and the account`)
}

/** Reads one parameter, decrypted. Throws a ConfigError when it is not there. */
export async function readParameter(client: SsmSender, name: string): Promise<string> {
  try {
    const response = await client.send(new GetParameterCommand({ Name: name, WithDecryption: true }))
    if (response.Parameter?.Value !== undefined) return response.Parameter.Value
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ParameterNotFound')) {
      throw awsFailure(error, { action: 'ssm:GetParameter', resource: name })
    }
  }
  throw new ConfigError('no_parameter', `there is no SSM parameter ${name}; make it, or set another name`)
}
