import { join } from 'node:path'
import { repositoryRoot } from '../../../src/platform/repository.ts'
import { ensurePythonEnvironment } from '../../../src/python/environment.ts'
import { ensureKeyPair, type KeyPairFiles } from '../../../src/services/snowflake/key-pair.ts'
import { type SnowflakeService, startSnowflake } from '../../../src/services/snowflake/start.ts'

/** The emulator with two users, one of whom is changing keys. */
export interface LocalSnowflake {
  service: SnowflakeService
  loader: KeyPairFiles
  nextLoader: KeyPairFiles
  transformer: KeyPairFiles
}

/** Starts the emulator with the Python of this repository. */
export async function startLocalSnowflake(
  sandboxDirectory: string,
  storageEnvironment: Readonly<Record<string, string>> = {},
): Promise<LocalSnowflake> {
  const directory = join(sandboxDirectory, 'secrets')
  const [loader, nextLoader, transformer, { python }] = await Promise.all([
    ensureKeyPair({ user: 'CX_LOADER', directory }),
    ensureKeyPair({ user: 'CX_LOADER', directory, number: 2 }),
    ensureKeyPair({ user: 'CX_TRANSFORMER', directory }),
    ensurePythonEnvironment({ name: 'emulator', root: repositoryRoot }),
  ])
  const users = [
    { name: 'CX_LOADER', publicKeyFile: loader.publicKeyFile },
    { name: 'CX_LOADER', publicKeyFile: nextLoader.publicKeyFile },
    { name: 'CX_TRANSFORMER', publicKeyFile: transformer.publicKeyFile },
  ]
  const service = await startSnowflake({
    python,
    sandboxDirectory,
    storageEnvironment,
    users,
    abandonedAfterSeconds: 1,
  })
  return { service, loader, nextLoader, transformer }
}
