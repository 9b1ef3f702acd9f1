import { createPrivateKey, createPublicKey, generateKeyPair } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** Where the two halves of a user's key lie. */
export interface KeyPairFiles {
  /** PKCS#8 in PEM, readable by the owner only. */
  readonly privateKeyFile: string
  /** SPKI in PEM, as Snowflake takes it. */
  readonly publicKeyFile: string
}

/** Which key pair. */
export interface KeyPairOptions {
  /** Name of the Snowflake user. */
  user: string
  /** Folder of the keys. */
  directory: string
  /** Number of the key, from 1: a user has two live ones while it is rotated. Default 1. */
  number?: 1 | 2 | undefined
}

const modulusBits = 2048
const generate = promisify(generateKeyPair)

/** Makes the RSA key pair of a user if it is missing. The public half is written anew from the private one. */
export async function ensureKeyPair({ user, directory, number = 1 }: KeyPairOptions): Promise<KeyPairFiles> {
  const name = `${user.toLowerCase()}${number === 1 ? '' : `-${number}`}`
  const privateKeyFile = join(directory, `${name}.p8`)
  const publicKeyFile = join(directory, `${name}.pub`)
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const pem = (await readKey(privateKeyFile)) ?? (await createKey(privateKeyFile))
  const publicKey = createPublicKey(createPrivateKey(pem)).export({ type: 'spki', format: 'pem' })
  await writeFile(publicKeyFile, publicKey)
  return { privateKeyFile, publicKeyFile }
}

async function readKey(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  })
}

async function createKey(file: string): Promise<string> {
  const { privateKey } = await generate('rsa', { modulusLength: modulusBits })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  await writeFile(`${file}.partial`, pem, { mode: 0o600 })
  await rename(`${file}.partial`, file)
  return pem
}
