import { execa } from 'execa'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installFolder } from './install-folder.ts'
import { ensureInstaller } from './installer.ts'
import { PythonMissingError } from './interpreter.ts'

/** The Python environments of the platform, in the order of what the sandbox starts first. */
export const platformEnvironmentNames = ['aws', 'emulator', 'dbt', 'airflow'] as const

/** Every environment: those of the platform, and those that its packages, workflows and Terraform are audited with. */
export const pythonEnvironmentNames = [...platformEnvironmentNames, 'audit', 'infra'] as const

/** One of them. */
export type PythonEnvironmentName = (typeof pythonEnvironmentNames)[number]

const lockFiles: Readonly<Record<PythonEnvironmentName, string>> = {
  aws: fileURLToPath(new URL('../../python/aws.txt', import.meta.url)),
  emulator: fileURLToPath(new URL('../../python/emulator.txt', import.meta.url)),
  dbt: fileURLToPath(new URL('../../../../dbt/requirements.txt', import.meta.url)),
  airflow: fileURLToPath(new URL('../../../../airflow/requirements.txt', import.meta.url)),
  audit: fileURLToPath(new URL('../../../../.github/tools/requirements.txt', import.meta.url)),
  infra: fileURLToPath(new URL('../../../../infra/requirements.txt', import.meta.url)),
}

/** What an environment is made with. */
export interface PythonEnvironmentOptions {
  name: PythonEnvironmentName
  /** Folder of the repository; the environments stand in its `.sandbox/python`. */
  root: string
  /** Told once when the environment has to be installed, in a phrase for people. */
  onProgress?: ((text: string) => void) | undefined
  signal?: AbortSignal | undefined
}

/** An environment, ready for use. */
export interface PythonEnvironment {
  readonly python: string
  /** Folder of its programs. */
  readonly bin: string
}

/**
 * Makes an environment from its hashed lock if it is missing or the lock has changed. Different ones may be made at the
 * same time. Throws a PythonMissingError that says which prerequisite is missing, or an Error with the installer's words.
 */
export async function ensurePythonEnvironment(options: PythonEnvironmentOptions): Promise<PythonEnvironment> {
  const { name, root, onProgress, signal } = options
  const folder = join(root, '.sandbox', 'python', name)
  const lock = lockFiles[name]
  const cancel = signal ? { cancelSignal: signal } : {}
  try {
    await installFolder({
      folder,
      lockFiles: [lock],
      fill: async (target) => {
        onProgress?.(`installing Python packages for ${name}`)
        const { python, uv, environment } = await ensureInstaller({ root, signal })
        const run = { env: environment, extendEnv: false, stdin: 'ignore', ...cancel } as const
        // Relocatable, since it is moved to its place when it is whole.
        await execa(uv, ['venv', '--quiet', '--relocatable', '--python', python, target], run)
        // Compiled once here, or every process of dbt would do it again in memory.
        const install = [
          'pip',
          'install',
          '--quiet',
          '--compile-bytecode',
          '--require-hashes',
          '--python',
          join(target, 'bin', 'python'),
        ]
        await execa(uv, [...install, '-r', lock], run)
      },
    })
  } catch (error) {
    signal?.throwIfAborted()
    if (error instanceof PythonMissingError) throw error
    const words = error instanceof Error ? error.message : String(error)
    throw new Error(`the Python packages for ${name} could not be installed: ${words}`, { cause: error })
  }
  const bin = join(folder, 'bin')
  return { python: join(bin, 'python'), bin }
}
