import { execa } from 'execa'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installFolder } from './install-folder.ts'
import { installerEnvironment } from './installer-settings.ts'
import { findPython } from './interpreter.ts'

const lock = fileURLToPath(new URL('../../python/bootstrap.txt', import.meta.url))

/** uv, ready to install the environments, and the Python that they are made of. */
export interface Installer {
  readonly python: string
  readonly uv: string
  readonly environment: Readonly<Record<string, string>>
}

/** What an installer is made with. */
export interface InstallerOptions {
  /** Folder of the repository. */
  root: string
  signal?: AbortSignal | undefined
}

const underway = new Map<string, Promise<Installer>>()

/** Installs uv by pip, from its hashes, once; several may ask at the same time. */
export function ensureInstaller(options: InstallerOptions): Promise<Installer> {
  const running = underway.get(options.root)
  if (running) return running
  const installer = createInstaller(options).finally(() => underway.delete(options.root))
  underway.set(options.root, installer)
  return installer
}

async function createInstaller({ root, signal }: InstallerOptions): Promise<Installer> {
  const python = await findPython({ signal })
  const folder = join(root, '.sandbox', 'python', 'uv')
  const cancel = signal ? { cancelSignal: signal } : {}
  await installFolder({
    folder,
    lockFiles: [lock],
    fill: async (target) => {
      await execa(python, ['-m', 'venv', target], { stdin: 'ignore', ...cancel })
      const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--require-hashes']
      await execa(join(target, 'bin', 'python'), [...pip, '-r', lock], { stdin: 'ignore', ...cancel })
    },
  })
  return {
    python,
    uv: join(folder, 'bin', 'uv'),
    environment: await installerEnvironment(join(folder, 'bin', 'python')),
  }
}
