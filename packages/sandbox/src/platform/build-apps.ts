import { execa } from 'execa'
import { join } from 'node:path'
import type { Progress } from '../console/progress.ts'
import { repositoryRoot } from './repository.ts'

/** Builds the apps; Nx does nothing for those whose sources are unchanged. Throws with the compiler's words. */
export async function buildApps(signal: AbortSignal): Promise<void> {
  const nx = join(repositoryRoot, 'node_modules', '.bin', 'nx')
  const projects = 'extract-s3,extract-postgres,extract-sheets,loader-snowflake'
  const result = await execa(nx, ['run-many', '--target=build', `--projects=${projects}`, '--output-style=static'], {
    cwd: repositoryRoot,
    env: {
      PATH: `${join(repositoryRoot, 'node_modules', '.bin')}:${process.env['PATH'] ?? ''}`,
      NX_TUI: 'false',
      // Its plugins within its own process: workers of theirs would live on for half a minute when it is stopped.
      NX_ISOLATE_PLUGINS: 'false',
    },
    reject: false,
    all: true,
    cancelSignal: signal,
  })
  signal.throwIfAborted()
  if (result.exitCode !== 0) throw new Error(`the apps do not build:\n${result.all}`)
}

/** Builds the apps and tells people. */
export async function buildStep(progress: Progress, signal: AbortSignal): Promise<void> {
  const step = progress.step('apps')
  try {
    await buildApps(signal)
    step.done('built')
  } catch (error) {
    step.fail('not built')
    throw error
  }
}
