import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { RunningService } from '../supervisor/service.ts'
import type { SandboxServices } from './start-services.ts'
import { renewStepSettings, writeStepSettings } from './step-settings.ts'

/** Prints every endpoint and setting, ready to paste, and waits until the run is stopped. */
export async function keepRunning(options: {
  services: SandboxServices
  sandboxDirectory: string
  output: { write(text: string): unknown }
  signal: AbortSignal
  onFailure: (error: unknown) => void
}): Promise<void> {
  const { services, sandboxDirectory, output, signal, onFailure } = options
  const directory = join(sandboxDirectory, 'env')
  const files = await writeStepSettings({ services, directory })
  const lines = ['', 'The services stay up until Ctrl-C.', '', ...describeEndpoints(services)]
  for (const app of ['extract-s3', 'extract-postgres', 'extract-sheets', 'loader-snowflake'] as const) {
    const settings = (await readFile(files[app], 'utf8')).trimEnd().split('\n')
    lines.push('', `# ${app}: node --env-file=${relative(process.cwd(), files[app])} apps/${app}/dist/main.js --help`)
    lines.push(...settings.map((setting) => `export ${setting}`))
  }
  output.write(`${lines.join('\n')}\n`)
  const renewing = renewStepSettings({ services, directory, signal, onFailure })
  if (!signal.aborted) await once(signal, 'abort')
  await renewing
}

/** A line an address, for people. */
export function describeEndpoints(services: SandboxServices): string[] {
  const running: readonly RunningService[] = [services.aws, services.postgres, services.sheets, services.snowflake]
  return running.flatMap(({ endpoints }) =>
    Object.entries(endpoints).map(([name, address]) => `${name.padEnd(10)} ${address}`),
  )
}
