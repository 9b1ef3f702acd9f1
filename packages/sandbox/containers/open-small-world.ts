import { chmod, copyFile, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSilentProgress } from '../src/console/silent-progress.ts'
import { openWorld } from '../src/platform/open-world.ts'
import type { SandboxServices } from '../src/platform/start-services.ts'
import { type StepName, writeStepSettings } from '../src/platform/step-settings.ts'
import { createServiceGroup } from '../src/supervisor/group.ts'
import { sandboxLayout } from '../src/supervisor/layout.ts'
import { type StepEnd, type StepRun, runStep } from './step-container.ts'

/** The services with a small world of three days in the sources, for steps in containers. */
export interface SmallWorld {
  readonly services: SandboxServices
  /** Folder of the sandbox. */
  readonly folder: string
  /** First and last day, as the steps take them. */
  readonly dates: string
  /** A step with the settings of its name, or of the step that is named. */
  stepRun(image: Exclude<StepName, 'loader-snowflake-migrate'>, words: readonly string[], settings?: StepName): StepRun
  run(...words: Parameters<SmallWorld['stepRun']>): Promise<StepEnd>
  stop(): Promise<void>
}

/** Starts the services, fills the sources and writes what the steps have to know. */
export async function openSmallWorld(): Promise<SmallWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'cx-containers-'))
  const group = createServiceGroup()
  const progress = createSilentProgress()
  const stop = async (): Promise<void> => {
    await group.stop()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const { services, world } = await openWorld({
      start: { sources: undefined, days: 3, scale: 0.001, seed: 5, date: '2025-11-20', fresh: false, ports: {} },
      sandboxDirectory: folder,
      group,
      progress,
    })
    const settings = await writeStepSettings({
      services,
      directory: join(folder, 'settings'),
      secretsDirectory: '/run/secrets',
    })
    const secretsDirectory = await copySecrets(folder)
    const stepRun: SmallWorld['stepRun'] = (image, words, step = image) => ({
      image,
      arguments: words,
      settingsFile: settings[step],
      secretsDirectory,
    })
    return {
      services,
      folder,
      dates: `${world.days[0]}..${world.days.at(-1)}`,
      stepRun,
      run: (...words) => runStep(stepRun(...words)),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** The keys of the sandbox belong to whoever runs it; a step is another user and gets copies that it may read. */
async function copySecrets(folder: string): Promise<string> {
  const target = join(folder, 'step-secrets')
  await mkdir(target)
  await chmod(folder, 0o755)
  const { secrets } = sandboxLayout(folder)
  for (const name of await readdir(secrets)) {
    if (!/\.(?:p8|json)$/.test(name)) continue
    await copyFile(join(secrets, name), join(target, name))
    await chmod(join(target, name), 0o444)
  }
  return target
}
