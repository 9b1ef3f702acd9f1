import { execa } from 'execa'
import { join } from 'node:path'
import { repositoryRoot } from '../../src/platform/repository.ts'

/** How a run of the platform ended. */
export interface StartedRun {
  readonly exitCode: number | undefined
  /** The summary. */
  readonly stdout: string
  /** Progress and errors. */
  readonly stderr: string
}

/** Runs what `npm start` runs, once everything is installed, in a sandbox folder of its own. */
export async function startRun(
  sandboxDirectory: string,
  flags: readonly string[],
  signal?: AbortSignal,
): Promise<StartedRun> {
  const { exitCode, stdout, stderr } = await spawnRun(sandboxDirectory, flags, signal)
  return { exitCode, stdout, stderr }
}

/** The same as a process that a test may send signals to. */
export function spawnRun(sandboxDirectory: string, flags: readonly string[], signal?: AbortSignal) {
  const main = join(repositoryRoot, 'packages', 'sandbox', 'src', 'main.ts')
  return execa(process.execPath, ['--conditions=@coretelecoms/source', main, ...flags], {
    cwd: repositoryRoot,
    env: { CX_SANDBOX_DIRECTORY: sandboxDirectory },
    reject: false,
    stdin: 'ignore',
    ...(signal ? { cancelSignal: signal } : {}),
  })
}
