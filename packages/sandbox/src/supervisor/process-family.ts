import { execa } from 'execa'
import { readdir, readFile } from 'node:fs/promises'

/** A process that lives, and where it belongs. */
export interface ListedProcess {
  readonly pid: number
  readonly parentPid: number
  readonly groupId: number
  /** Leads a session of its own, so that no signal to another group reaches it. */
  readonly isSessionLeader: boolean
  /** Tells it from a later one of the same id. Its command line would not do: some change theirs as they go. */
  readonly startedAt: string
}

/** Every process of this machine that is not a zombie. */
export function listProcesses(): Promise<ListedProcess[]> {
  return process.platform === 'linux' ? readFromProc() : readFromPs()
}

/**
 * The processes that come from one: its descendants, whatever group or session they moved to, and the members of its
 * group, which are left when it has died before its children. Without the process itself. `isAlive` says whether that one
 * still is: if not, whoever has its id by now is a stranger, and then nothing of its group can be left.
 */
export async function findFamily(leaderPid: number, { isAlive }: { isAlive: boolean }): Promise<ListedProcess[]> {
  const processes = await listProcesses()
  if (!isAlive && processes.some(({ pid }) => pid === leaderPid)) return []
  const family = new Map<number, ListedProcess>()
  const pids = new Set([leaderPid])
  let size = -1
  while (size !== family.size) {
    size = family.size
    for (const each of processes) {
      if (each.pid === leaderPid || !(pids.has(each.parentPid) || each.groupId === leaderPid)) continue
      family.set(each.pid, each)
      pids.add(each.pid)
    }
  }
  return [...family.values()]
}

async function readFromProc(): Promise<ListedProcess[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const processes = await Promise.all(
    pids.map(async (pid) => {
      // It may have ended since the folder was read.
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
      // proc_pid_stat(5): after the name in brackets stand state, parent, group and session; the start is the 22nd field.
      const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? []
      const [state = 'X', parentPid, groupId, sessionId] = fields
      if (state === 'Z' || state === 'X') return []
      return [
        {
          pid: Number(pid),
          parentPid: Number(parentPid),
          groupId: Number(groupId),
          isSessionLeader: sessionId === pid,
          startedAt: fields[19] ?? '',
        },
      ]
    }),
  )
  return processes.flat()
}

async function readFromPs(): Promise<ListedProcess[]> {
  const { stdout } = await execa('ps', ['-axo', 'pid=,ppid=,pgid=,stat=,lstart='])
  return stdout.split('\n').flatMap((line) => {
    const [pid, parentPid, groupId, state = 'Z', ...start] = line.trim().split(/\s+/)
    if (state.startsWith('Z')) return []
    return [
      {
        pid: Number(pid),
        parentPid: Number(parentPid),
        groupId: Number(groupId),
        // ps(1): a lower-case s behind the state.
        isSessionLeader: state.includes('s'),
        startedAt: start.join(' '),
      },
    ]
  })
}
