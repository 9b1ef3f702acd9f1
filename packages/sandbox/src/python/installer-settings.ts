import { execa } from 'execa'

/**
 * The environment for uv: that of this process, and what pip is told about the registry of this machine (a mirror, a
 * certificate), which uv does not read by itself.
 */
export async function installerEnvironment(python: string): Promise<Record<string, string>> {
  const environment = Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
  const registry = environment['PIP_INDEX_URL'] ?? (await pipSetting(python, 'global.index-url'))
  const certificate = environment['PIP_CERT'] ?? (await pipSetting(python, 'global.cert'))
  return {
    ...(registry === undefined ? {} : { UV_DEFAULT_INDEX: registry }),
    ...(certificate === undefined ? {} : { SSL_CERT_FILE: certificate }),
    UV_HTTP_TIMEOUT: '180',
    // What stands in the folder that npm was started in has no say.
    UV_NO_CONFIG: '1',
    UV_NO_PROGRESS: '1',
    ...environment,
  }
}

async function pipSetting(python: string, name: string): Promise<string | undefined> {
  // Exit code 1: it is not set.
  const { stdout, exitCode } = await execa(python, ['-m', 'pip', 'config', 'get', name], { reject: false })
  return exitCode === 0 && stdout.trim() !== '' ? stdout.trim() : undefined
}
