import { createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'

const serviceAccountKey = z.object({
  type: z.literal('service_account'),
  project_id: z.string(),
  private_key_id: z.string(),
  private_key: z.string(),
  client_email: z.string(),
  client_id: z.string(),
  token_uri: z.url(),
})

/** A key of a service account in the form that Google's console hands out. */
export type ServiceAccountKey = z.infer<typeof serviceAccountKey>

/** Reads a key file. */
export async function readServiceAccountKey(file: string): Promise<ServiceAccountKey> {
  return serviceAccountKey.parse(JSON.parse(await readFile(file, 'utf8')))
}

/**
 * Writes the key file of the sandbox's service account, for its owner's eyes only, with the place where the key is
 * exchanged for a token. A key that is there is kept; the place is written anew, since the port may be another.
 */
export async function writeServiceAccountKey(file: string, tokenUri: string): Promise<ServiceAccountKey> {
  const known = await readServiceAccountKey(file).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  })
  const key = { ...(known ?? (await createServiceAccountKey())), token_uri: tokenUri }
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  await writeFile(`${file}.new`, `${JSON.stringify(key, undefined, 2)}\n`, { mode: 0o600 })
  await rename(`${file}.new`, file)
  return key
}

/** The public half of a key: all that the server's side knows of an account. */
export function publicKeyOf(key: ServiceAccountKey): KeyObject {
  return createPublicKey(key.private_key)
}

async function createServiceAccountKey(): Promise<Omit<ServiceAccountKey, 'token_uri'>> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  return {
    type: 'service_account',
    project_id: 'coretelecoms-sandbox',
    private_key_id: 'sandbox-1',
    private_key: privateKey,
    client_email: 'cx-extract-sheets@coretelecoms-sandbox.iam.gserviceaccount.com',
    client_id: '100000000000000000001',
  }
}
