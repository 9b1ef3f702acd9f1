import { ConfigError } from '@coretelecoms/core'
import { mkdir, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** Holds a sandbox folder for one run at a time. */
export interface RunLock {
  release(): Promise<void>
}

/**
 * Takes the sandbox folder. Throws a ConfigError that names the process when another run that is still alive has it; a
 * lock left by one that was killed is taken over.
 */
export async function takeRunLock(sandboxDirectory: string): Promise<RunLock> {
  await mkdir(sandboxDirectory, { recursive: true })
  const file = join(sandboxDirectory, 'run.lock')
  for (;;) {
    try {
      const handle = await open(file, 'wx')
      await handle.writeFile(String(process.pid))
      await handle.close()
      return { release: () => rm(file, { force: true }) }
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
      const holder = Number(await readFile(file, 'utf8'))
      if (isAlive(holder)) {
        throw new ConfigError(
          'locked',
          `process ${holder} is using ${sandboxDirectory}; wait for it or stop it (Ctrl-C), then run this again`,
        )
      }
      await rm(file, { force: true })
    }
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
