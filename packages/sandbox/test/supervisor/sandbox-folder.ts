import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A folder for one test that is gone afterwards. */
export async function createSandboxFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cx-sandbox-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}
