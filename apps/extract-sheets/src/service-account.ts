import { ConfigError } from '@coretelecoms/core'
import { readFile } from 'node:fs/promises'
import { z } from 'zod'

const serviceAccountSchema = z.object({
  client_email: z.email(),
  private_key: z.string().startsWith('-----BEGIN'),
  token_uri: z.url(),
})

/** The part of a service account's key file that a login takes. */
export type ServiceAccount = z.infer<typeof serviceAccountSchema>

/** Reads a key file. Throws a ConfigError that says what is wrong with it, and shows nothing of it. */
export async function readServiceAccount(file: string): Promise<ServiceAccount> {
  const where = `GOOGLE_APPLICATION_CREDENTIALS ${file}`
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (cause) {
    throw new ConfigError('service_account', `${where} cannot be read; give the path of the key file`, { cause })
  }
  const parsed = serviceAccountSchema.safeParse(parseJson(text))
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map((issue) => issue.path.join('.') || 'the whole').join(', ')
  throw new ConfigError('service_account', `${where} is not the JSON key of a service account (look at ${faults})`)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // no JSON: the schema says so, without showing a secret
  }
}
