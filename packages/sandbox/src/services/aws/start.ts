import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { requireHttpAnswer } from '../../supervisor/http-answer.ts'
import { sandboxLayout } from '../../supervisor/layout.ts'
import { choosePort, loopbackHost } from '../../supervisor/port.ts'
import { startProcess } from '../../supervisor/process.ts'
import { keepSecret } from '../../supervisor/secret.ts'
import type { RunningService, ServiceOptions } from '../../supervisor/service.ts'
import { type AwsAccounts, prepareAccounts } from './accounts.ts'
import { region } from './topology.ts'

const name = 'aws'

/** MiniStack is run by a module of ours, which adds rules of IAM and KMS that it leaves out. */
const pythonFolder = new URL('../../../python/', import.meta.url)

/** The local AWS, running, with both accounts set up. */
export interface AwsService extends RunningService, AwsAccounts {
  readonly pid: number
  readonly port: number
  /** One address for all its services. */
  readonly endpoint: string
}

/** How the local AWS is started. */
export interface AwsOptions extends ServiceOptions {
  /** Python with `ministack` installed. */
  python: string
}

/**
 * Starts MiniStack with IAM enforced and sets up both accounts. Objects are kept on
 * disk and are there again at the next start, also after a kill; identities and parameters are made anew each time, so
 * that no policy of an earlier version lives on. The pseudonym key is kept in the sandbox's folder.
 *
 * It checks what an app is allowed, not who may reach it: whoever can connect to its port and names an account's number
 * as access key acts as that account's root, with any secret. So it holds no real data, and listens beyond the loopback
 * interface only when it is told to, inside a network of containers that nobody else can reach.
 */
export async function startAws(options: AwsOptions): Promise<AwsService> {
  const { python, sandboxDirectory, signal } = options
  const layout = sandboxLayout(sandboxDirectory)
  const port = await choosePort(name, options)
  const endpoint = `http://${loopbackHost}:${port}`
  const dataDirectory = layout.data(name)
  const temporaryDirectory = layout.data('aws-temporary')
  await Promise.all([dataDirectory, temporaryDirectory].map((folder) => mkdir(folder, { recursive: true })))

  const server = await startProcess({
    name,
    command: python,
    args: ['-m', 'local_aws'],
    env: {
      PATH: process.env['PATH'] ?? '',
      // Its pid file and uploads go to the temporary folder; the machine's is not ours to write to.
      TMPDIR: temporaryDirectory,
      GATEWAY_PORT: String(port),
      BIND_HOST: options.bind ?? loopbackHost,
      AUTH: 'true',
      MINISTACK_REGION: region,
      AWS_ACCESS_KEY_ID: `SANDBOX${randomBytes(6).toString('hex').toUpperCase()}`,
      AWS_SECRET_ACCESS_KEY: randomBytes(24).toString('base64url'),
      S3_PERSIST: '1',
      S3_DATA_DIR: dataDirectory,
      IOT_MTLS_ENABLED: '0',
      SFTP_ENABLED: '0',
      LOG_LEVEL: 'WARNING',
      PYTHONPATH: fileURLToPath(pythonFolder),
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONUNBUFFERED: '1',
    },
    logFile: layout.log(name),
    runDirectory: layout.run,
    health: () => requireHttpAnswer(`${endpoint}/_ministack/health`),
    signal,
  })
  try {
    const accounts = await prepareAccounts(endpoint, await keepSecret(join(layout.secrets, 'pseudonym-key')))
    const stop = async (): Promise<void> => {
      for (const { clients } of Object.values(accounts.administrators)) clients.destroy()
      await server.stop()
    }
    return { ...accounts, name, pid: server.pid, port, endpoint, endpoints: { aws: endpoint }, stop }
  } catch (error) {
    await server.stop()
    throw error
  }
}
