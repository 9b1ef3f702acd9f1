import { execa } from 'execa'
import { readFile } from 'node:fs/promises'

/**
 * What tells a process from a later one that got the same id: its start and its command line. Undefined when no such
 * process runs. Read from /proc where there is one, since small images have no `ps`.
 */
export async function readProcessIdentity(pid: number): Promise<string | undefined> {
  return process.platform === 'linux' ? readFromProc(pid) : readFromPs(pid)
}

async function readFromProc(pid: number): Promise<string | undefined> {
  try {
    const [stat, commandLine] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile(`/proc/${pid}/cmdline`, 'utf8'),
    ])
    // The second field, the name in brackets, may hold blanks: count from the last bracket. proc_pid_stat(5): the
    // third field is the state, the 22nd the start in ticks since boot.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    // One that is ending has given back its command line first, and is a zombie (Z) until its parent has looked.
    if (fields[0] === 'Z' || fields[0] === 'X' || commandLine === '') return undefined
    return `${fields[19]} ${commandLine.replaceAll('\0', ' ').trim()}`
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ESRCH') return undefined
    throw error
  }
}

async function readFromPs(pid: number): Promise<string | undefined> {
  const { stdout, exitCode } = await execa('ps', ['-o', 'lstart=,command=', '-p', String(pid)], { reject: false })
  return exitCode === 0 && stdout.trim() !== '' ? stdout.trim() : undefined
}
