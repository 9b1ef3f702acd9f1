import { fileURLToPath } from 'node:url'
import { sandboxLayout } from '../../src/supervisor/layout.ts'
import { choosePort } from '../../src/supervisor/port.ts'
import { type RunningProcess, startProcess } from '../../src/supervisor/process.ts'

const script = fileURLToPath(new URL('small-server.mjs', import.meta.url))

/** Runs `small-server.mjs` under the supervisor. */
export async function startSmallServer(options: {
  sandboxDirectory: string
  name?: string
  mode?: 'fail' | 'silent' | 'stubborn'
  healthTimeoutMs?: number
  signal?: AbortSignal
}): Promise<RunningProcess & { name: string; url: string }> {
  const { sandboxDirectory, name = 'small', mode, healthTimeoutMs, signal } = options
  const layout = sandboxLayout(sandboxDirectory)
  const port = await choosePort(name)
  const url = `http://127.0.0.1:${port}`
  const running = await startProcess({
    name,
    command: process.execPath,
    args: [script],
    env: { PORT: String(port), ...(mode === undefined ? {} : { MODE: mode }) },
    logFile: layout.log(name),
    runDirectory: layout.run,
    health: async () => {
      await fetch(url)
    },
    healthTimeoutMs,
    signal,
  })
  return { ...running, name, url }
}
