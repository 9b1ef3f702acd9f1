import { execa } from 'execa'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { repositoryRoot } from '../../src/platform/repository.ts'

/** How a run of the platform ended. */
export interface StartedRun {
  readonly exitCode: number | undefined
  /** The summary. */
  readonly stdout: string
  /** Progress and errors. */
  readonly stderr: string
}

/** A run that is under way. */
export interface RunProcess {
  readonly stdout: Readable
  kill(signal: NodeJS.Signals): void
  readonly ended: Promise<StartedRun>
}

/** Starts what `npm start` starts once everything is installed, in a sandbox folder of its own. */
export function spawnRun(sandboxDirectory: string, flags: readonly string[]): RunProcess {
  const main = join(repositoryRoot, 'packages', 'sandbox', 'src', 'main.ts')
  const subprocess = execa(process.execPath, ['--conditions=@coretelecoms/source', main, ...flags], {
    cwd: repositoryRoot,
    env: { CX_SANDBOX_DIRECTORY: sandboxDirectory },
    reject: false,
    stdin: 'ignore',
  })
  return {
    stdout: subprocess.stdout,
    kill: (signal) => subprocess.kill(signal),
    ended: subprocess.then(({ exitCode, stdout, stderr }) => ({ exitCode, stdout, stderr })),
  }
}

/** The same, to its end. */
export async function startRun(sandboxDirectory: string, flags: readonly string[]): Promise<StartedRun> {
  return spawnRun(sandboxDirectory, flags).ended
}
