import { execa } from 'execa'
import { repositoryRoot } from '../src/platform/repository.ts'

/** The project of docker-compose.yml under a name, a network and a port of its own. */
export interface ComposeProject {
  readonly url: string
  /** Runs a command of Compose; throws with its words when it fails. */
  compose(...words: string[]): Promise<string>
  /** Copies a path of a service's container, which may have stopped, into a folder. */
  copy(service: string, path: string, folder: string): Promise<void>
}

/** Finds Compose: the plugin of today, or the program of yesterday that some distributions still have. */
async function findCompose(): Promise<readonly [string, ...string[]]> {
  const plugin = await execa('docker', ['compose', 'version'], { reject: false, stdin: 'ignore' })
  return plugin.failed ? ['docker-compose'] : ['docker', 'compose']
}

/** Names a project; nothing is started. */
export async function nameProject(options: { name: string; port: number }): Promise<ComposeProject> {
  const [command, ...first] = await findCompose()
  const environment = { CX_NETWORK: options.name, CX_PORT: String(options.port), CX_SANDBOX_SCALE: '0.001' }
  const compose = async (...words: string[]): Promise<string> => {
    const run = { cwd: repositoryRoot, env: environment, stdin: 'ignore' } as const
    return (await execa(command, [...first, '--project-name', options.name, ...words], run)).stdout
  }
  return {
    url: `http://127.0.0.1:${options.port}`,
    compose,
    async copy(service, path, folder) {
      const container = (await compose('ps', '--all', '--quiet', service)).trim()
      await execa('docker', ['cp', `${container}:${path}`, folder], { stdin: 'ignore' })
    },
  }
}
