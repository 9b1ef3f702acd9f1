import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sandboxLayout } from '../supervisor/layout.ts'
import { keepSecret } from '../supervisor/secret.ts'
import { adminName } from './airflow-environment.ts'

/** How a person logs in. */
export interface Login {
  readonly username: string
  readonly password: string
  /** Where Airflow reads it. */
  readonly passwordsFile: string
}

/** Makes up the login of this sandbox, or finds the one it has; the same for as long as its folder lives. */
export async function prepareLogin(sandboxDirectory: string): Promise<Login> {
  const { secrets } = sandboxLayout(sandboxDirectory)
  // 64 bits: typed by hand, and of use on this machine only.
  const password = (await keepSecret(join(secrets, 'airflow-password'))).slice(0, 16)
  const passwordsFile = join(secrets, 'airflow-logins.json')
  await mkdir(secrets, { recursive: true, mode: 0o700 })
  await writeFile(`${passwordsFile}.partial`, JSON.stringify({ [adminName]: password }), { mode: 0o600 })
  await rename(`${passwordsFile}.partial`, passwordsFile)
  return { username: adminName, password, passwordsFile }
}
