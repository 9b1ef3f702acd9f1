import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { readProcessIdentity } from './process-identity.ts'
import { ServiceError } from './service-error.ts'
import { readServiceRecords } from './service-record.ts'
import { stopProcess } from './stop-process.ts'

/** A service that outlived the run that started it. */
export interface Leftover {
  name: string
  pid: number
}

/**
 * Ends the services that a killed run left behind in a sandbox, and names them. A process is touched only if it is the
 * very one that was written down: same id, same start, same command line. Throws a ServiceError if the run that
 * started them is still alive.
 */
export async function stopLeftovers(directory: string): Promise<Leftover[]> {
  const stopped: Leftover[] = []
  for (const { name, pid, identity, stopSignal, ownerPid, ownerIdentity } of await readServiceRecords(directory)) {
    const isRunning = async (): Promise<boolean> => (await readProcessIdentity(pid)) === identity
    if (await isRunning()) {
      if (ownerPid !== process.pid && (await readProcessIdentity(ownerPid)) === ownerIdentity) {
        throw new ServiceError(
          name,
          `another run (process ${ownerPid}) is using this sandbox; wait for it, stop it, or use another folder`,
        )
      }
      await stopProcess({ pid, signal: stopSignal, isRunning })
      stopped.push({ name, pid })
    }
    await rm(join(directory, `${name}.json`), { force: true })
  }
  return stopped
}
