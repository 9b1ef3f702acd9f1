import { mkdir, rename, writeFile } from 'node:fs/promises'
import { basename, join, posix } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { loopbackHost } from '../supervisor/port.ts'
import { appEnvironment, migrationEnvironment, warehouseEnvironment } from './app-environment.ts'
import type { SandboxServices } from './start-services.ts'

/**
 * What has settings of its own: each step that a scheduler runs, and the loader once more for `migrate`, which owns the
 * schemas and is not what loads every day.
 */
export const stepNames = [
  'extract-s3',
  'extract-postgres',
  'extract-sheets',
  'loader-snowflake',
  'loader-snowflake-migrate',
  'dbt',
] as const

/** One of them. */
export type StepName = (typeof stepNames)[number]

/** Which settings, and where to. */
export interface StepSettingsOptions {
  readonly services: SandboxServices
  /** Folder of the files; made if it is missing. */
  readonly directory: string
  /** Folder that a step finds key files in, as a container has them mounted. Default: where they lie. */
  readonly secretsDirectory?: string | undefined
  /** Name that a step reaches the services by. Default: the loopback address. */
  readonly host?: string | undefined
}

/** A third of the life of the AWS sessions in the files: what starts just before a renewal has hours left. */
const renewalMs = 4 * 60 * 60 * 1000

/**
 * Writes `<step>.env` for every step: a line `NAME=value` a setting, the value up to the end of the line as it is. Only
 * the owner may read them, and a reader sees a whole file, old or new. The AWS sessions in it end after twelve hours, and
 * the local AWS enforces that: see `renewStepSettings`.
 */
export async function writeStepSettings(options: StepSettingsOptions): Promise<Readonly<Record<StepName, string>>> {
  const { services, directory, secretsDirectory, host = loopbackHost } = options
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const keyFiles = [...Object.values(services.snowflake.privateKeyFiles), services.sheets.serviceAccountFile]
  const place = (value: string): string =>
    secretsDirectory !== undefined && keyFiles.includes(value)
      ? posix.join(secretsDirectory, basename(value))
      : value.replaceAll(loopbackHost, host)
  const entries = stepNames.map(async (step) => {
    const settings = Object.entries(await stepEnvironment(step, services))
    const file = join(directory, `${step}.env`)
    const lines = settings.map(([name, value]) => `${name}=${requireOneLine(name, place(value))}\n`)
    await writeFile(`${file}.partial`, lines.join(''), { mode: 0o600 })
    await rename(`${file}.partial`, file)
    return [step, file] as const
  })
  return Object.fromEntries(await Promise.all(entries)) as Record<StepName, string>
}

/** Writes the files again every few hours until the signal is aborted; `onFailure` is told when that did not go. */
export async function renewStepSettings(
  options: StepSettingsOptions & { signal: AbortSignal; onFailure: (error: unknown) => void; everyMs?: number },
): Promise<void> {
  const { signal, onFailure, everyMs = renewalMs } = options
  try {
    for (;;) {
      await wait(everyMs, undefined, { signal, ref: false })
      await writeStepSettings(options).catch(onFailure)
    }
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

async function stepEnvironment(step: StepName, services: SandboxServices): Promise<Record<string, string>> {
  switch (step) {
    case 'dbt':
      return warehouseEnvironment('CX_TRANSFORMER', services)
    case 'loader-snowflake-migrate':
      return migrationEnvironment(services)
    default:
      return appEnvironment(step, services)
  }
}

function requireOneLine(name: string, value: string): string {
  if (/[\r\n]/.test(value)) throw new Error(`${name} has more than one line, which a settings file cannot hold`)
  return value
}
