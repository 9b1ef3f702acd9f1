import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { RunningService } from '../supervisor/service.ts'
import { appEnvironment } from './app-environment.ts'
import type { AppName } from './run-app.ts'
import type { SandboxServices } from './start-services.ts'

const apps: readonly AppName[] = ['extract-s3', 'extract-postgres', 'extract-sheets', 'loader-snowflake']

/** Prints every endpoint and setting, ready to paste, and waits until the run is stopped. */
export async function keepRunning(options: {
  services: SandboxServices
  sandboxDirectory: string
  output: { write(text: string): unknown }
  signal: AbortSignal
}): Promise<void> {
  const { services, sandboxDirectory, output, signal } = options
  const folder = join(sandboxDirectory, 'env')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const lines = ['', 'The services stay up until Ctrl-C.', '']
  const running: readonly RunningService[] = [services.aws, services.postgres, services.sheets, services.snowflake]
  for (const { endpoints } of running) {
    for (const [name, address] of Object.entries(endpoints)) lines.push(`${name.padEnd(10)} ${address}`)
  }
  for (const app of apps) {
    const environment = await appEnvironment(app, services)
    const file = join(folder, `${app}.env`)
    const settings = Object.entries(environment).map(([name, value]) => `${name}=${value}`)
    await writeFile(file, `${settings.join('\n')}\n`, { mode: 0o600 })
    const program = `apps/${app}/dist/main.js`
    lines.push('', `# ${app}: node --env-file=${relative(process.cwd(), file)} ${program} --help`)
    lines.push(...settings.map((setting) => `export ${setting}`))
  }
  output.write(`${lines.join('\n')}\n`)
  if (!signal.aborted) await once(signal, 'abort')
}
