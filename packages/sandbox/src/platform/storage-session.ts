import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { sessionSeconds } from '../services/aws/roles.ts'
import type { AwsService } from '../services/aws/start.ts'

/** What a storage session is kept with. */
export interface StorageSessionOptions {
  readonly aws: AwsService
  /** Folder of the files; only the owner may read them. */
  readonly directory: string
  readonly signal?: AbortSignal | undefined
}

const renewalMs = (sessionSeconds * 1000) / 3

/**
 * Opens a session of the role by which the warehouse reads the raw zone, and renews it until the signal is aborted. Returns
 * the environment of a process that is to use it: in place of the keys stands a file of AWS's own form, in which the SDK
 * looks again shortly before a session ends (AWS SDKs and Tools Reference, "Process credential provider").
 */
export async function keepStorageSession(options: StorageSessionOptions): Promise<Record<string, string>> {
  const { aws, directory, signal } = options
  const sessionFile = join(directory, 'snowflake-storage.json')
  const configFile = join(directory, 'snowflake-storage.ini')
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const open = async (): Promise<Record<string, string>> => {
    const {
      AWS_ACCESS_KEY_ID: AccessKeyId,
      AWS_SECRET_ACCESS_KEY: SecretAccessKey,
      AWS_SESSION_TOKEN: SessionToken,
      ...rest
    } = await aws.assumeAppRole('snowflake-storage')
    const Expiration = new Date(Date.now() + sessionSeconds * 1000).toISOString()
    const session = { Version: 1, AccessKeyId, SecretAccessKey, SessionToken, Expiration }
    await writeFile(`${sessionFile}.partial`, JSON.stringify(session), { mode: 0o600 })
    await rename(`${sessionFile}.partial`, sessionFile)
    return rest
  }
  const environment = await open()
  await writeFile(configFile, `[default]\ncredential_process = cat "${sessionFile}"\n`, { mode: 0o600 })
  void renew(open, signal)
  return { ...environment, AWS_CONFIG_FILE: configFile }
}

async function renew(open: () => Promise<unknown>, signal: AbortSignal | undefined): Promise<void> {
  for (;;) {
    try {
      await wait(renewalMs, undefined, { ref: false, ...(signal ? { signal } : {}) })
      await open()
    } catch (error) {
      if (signal?.aborted) return
      // The session that stands lasts for two more of these rounds.
      process.emitWarning(`the warehouse's session on the raw zone was not renewed: ${String(error)}`)
    }
  }
}
