import { setTimeout as wait } from 'node:timers/promises'

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

/** Ends a process and waits until it is gone: asks first, and kills its group when it does not go in time. */
export async function stopProcess({ pid, signal, graceMs = 10_000, isRunning }: StopOptions): Promise<void> {
  if (!(await isRunning())) return
  sendSignal(pid, signal)
  const deadline = Date.now() + graceMs
  while (Date.now() < deadline) {
    if (!(await isRunning())) return
    await wait(pollMs)
  }
  // Our processes lead a group of their own, so this takes their children too and nobody else's.
  sendSignal(-pid, 'SIGKILL')
  while (await isRunning()) await wait(pollMs)
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
