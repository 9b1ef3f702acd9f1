import { setTimeout as wait } from 'node:timers/promises'
import { findFamily, listProcesses } from './process-family.ts'

/** How to end a process. */
export interface StopOptions {
  pid: number
  /** What a clean stop is asked for with. */
  signal: NodeJS.Signals
  /** How long a clean stop may take before SIGKILL. Default 10 s. */
  graceMs?: number | undefined
  isRunning(): boolean | Promise<boolean>
}

const pollMs = 25
const familyPollMs = 250

/**
 * Ends a process and all that come from it, and waits until they are gone: asks first, and kills what does not go in time
 * or outlives it. A child that leads a session of its own is asked too: its parent may be waiting for its end.
 */
export async function stopProcess({ pid, signal, graceMs = 10_000, isRunning }: StopOptions): Promise<void> {
  const family = createFamilyWatch(pid, isRunning)
  await family.look()
  if (await isRunning()) {
    sendSignal(pid, signal)
    const deadline = Date.now() + graceMs
    let lookAt = 0
    while (Date.now() < deadline && (await isRunning())) {
      if (Date.now() >= lookAt) {
        await family.look()
        family.askSessions()
        lookAt = Date.now() + familyPollMs
      }
      await wait(pollMs)
    }
    await family.look()
    if (await isRunning()) sendSignal(pid, 'SIGKILL')
  }
  await family.kill()
  while (await isRunning()) await wait(pollMs)
}

/** Knows who came from a process, also when their parents are gone. */
function createFamilyWatch(
  leaderPid: number,
  isRunning: StopOptions['isRunning'],
): { look(): Promise<void>; askSessions(): void; kill(): Promise<void> } {
  const startedAt = new Map<number, string>()
  const sessions = new Map<number, { isAsked: boolean }>()
  const living = async (): Promise<number[]> => {
    if (startedAt.size === 0) return []
    const processes = await listProcesses()
    return processes.filter((each) => startedAt.get(each.pid) === each.startedAt).map(({ pid }) => pid)
  }
  return {
    async look() {
      for (const each of await findFamily(leaderPid, { isAlive: await isRunning() })) {
        startedAt.set(each.pid, each.startedAt)
        if (each.isSessionLeader && !sessions.has(each.pid)) sessions.set(each.pid, { isAsked: false })
      }
    },
    askSessions() {
      for (const [pid, session] of sessions) {
        if (!session.isAsked) sendSignal(pid, 'SIGTERM')
        session.isAsked = true
      }
    },
    async kill() {
      for (let left = await living(); left.length > 0; left = await living()) {
        for (const pid of left) sendSignal(pid, 'SIGKILL')
        await wait(pollMs)
      }
    },
  }
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
