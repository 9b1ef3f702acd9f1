import { readFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { findFamily, type ListedProcess } from '../../src/supervisor/process-family.ts'

const pollMs = 20
const timeoutMs = 120_000

/**
 * Kills (SIGKILL) the first process below `scheduler` whose command line has all of the words, as soon as it is there; or,
 * under `supervisor`, the Airflow process that watches over its task. Returns the command line of what it looked for.
 */
export async function killStep(options: {
  scheduler: number
  words: readonly string[]
  victim: 'step' | 'supervisor'
}): Promise<string> {
  const { scheduler, words, victim } = options
  const deadline = Date.now() + timeoutMs
  while (Date.now() < deadline) {
    const family = await findFamily(scheduler, { isAlive: true })
    for (const member of family) {
      const commandLine = await readCommandLine(member.pid)
      // A child of the worker has the worker's command line until it becomes the step.
      if (!words.every((word) => commandLine.split('\0').includes(word))) continue
      process.kill(victim === 'step' ? member.pid : supervisorOf(member, family), 'SIGKILL')
      return commandLine.replaceAll('\0', ' ')
    }
    await wait(pollMs)
  }
  throw new Error(`no step with ${words.join(' ')} was seen in ${timeoutMs / 1000} s`)
}

/** The step's parent is the task, and the task's parent watches over it. */
function supervisorOf(step: ListedProcess, family: readonly ListedProcess[]): number {
  const task = family.find(({ pid }) => pid === step.parentPid)
  if (!task) throw new Error(`the parent of process ${step.pid} is not there`)
  return task.parentPid
}

async function readCommandLine(pid: number): Promise<string> {
  // It may be gone by now.
  return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
}
