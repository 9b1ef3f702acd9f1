import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { requireHttpAnswer } from '../../supervisor/http-answer.ts'
import { sandboxLayout } from '../../supervisor/layout.ts'
import { choosePort, loopbackHost } from '../../supervisor/port.ts'
import { startProcess } from '../../supervisor/process.ts'
import type { RunningService, ServiceOptions } from '../../supervisor/service.ts'
import { faultsPath, healthPath } from './server.ts'
import { writeServiceAccountKey } from './service-account.ts'

const name = 'sheets'

/** Google Sheets, running. */
export interface SheetsService extends RunningService {
  readonly pid: number
  readonly port: number
  /** What CX_SHEETS_ENDPOINT is set to. */
  readonly endpoint: string
  /** File that the spreadsheet is read from at each request; see `Spreadsheet`. Nothing is found while it is missing. */
  readonly dataFile: string
  /** Key file of the service account. */
  readonly serviceAccountFile: string
  /** Makes the next requests fail with these statuses, one each, in order. */
  failNext(statuses: readonly number[]): Promise<void>
}

/** How the Sheets server is started. */
export interface SheetsOptions extends ServiceOptions {
  /** Name that its users reach it by: the key file tells them where to log in. Default: the loopback address. */
  host?: string | undefined
}

/** Starts the Sheets server in a process of its own, with a service account that may log in to it. */
export async function startSheets(options: SheetsOptions): Promise<SheetsService> {
  const { sandboxDirectory, signal, bind = loopbackHost, host = loopbackHost } = options
  const layout = sandboxLayout(sandboxDirectory)
  const port = await choosePort(name, options)
  const endpoint = `http://${loopbackHost}:${port}`
  const dataFile = join(layout.data(name), 'spreadsheet.json')
  const serviceAccountFile = join(layout.secrets, 'sheets-service-account.json')
  await mkdir(layout.data(name), { recursive: true })
  await writeServiceAccountKey(serviceAccountFile, `http://${host}:${port}/token`)

  const main = fileURLToPath(new URL('main.ts', import.meta.url))
  const server = await startProcess({
    name,
    command: process.execPath,
    args: [main, '--data', dataFile, '--account', serviceAccountFile, '--port', String(port), '--host', bind],
    env: {},
    logFile: layout.log(name),
    runDirectory: layout.run,
    health: () => requireHttpAnswer(`${endpoint}${healthPath}`),
    signal,
  })
  return {
    name,
    pid: server.pid,
    port,
    endpoint,
    endpoints: { sheets: endpoint },
    dataFile,
    serviceAccountFile,
    failNext: (statuses) =>
      requireHttpAnswer(`${endpoint}${faultsPath}`, { method: 'PUT', body: JSON.stringify(statuses) }),
    stop: server.stop,
  }
}
