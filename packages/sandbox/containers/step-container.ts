import { execa } from 'execa'
import { randomUUID } from 'node:crypto'
import { docker, imageNamed } from './engine.ts'

/** How a step is started. */
export interface StepRun {
  readonly image: string
  readonly arguments: readonly string[]
  /** File of `NAME=value` lines that its environment is read from. */
  readonly settingsFile?: string
  /** Laid over the settings. */
  readonly environment?: Readonly<Record<string, string>>
  /** Folder of the key files. */
  readonly secretsDirectory?: string
  /** Another program of the image instead of its own. */
  readonly entrypoint?: string
  readonly memory?: string
}

/** How a step ended. */
export interface StepEnd {
  readonly exitCode: number | undefined
  readonly stdout: string
  readonly stderr: string
}

/** A step that is under way. */
export interface StepContainer {
  readonly ended: Promise<StepEnd>
  /** What it has said so far. */
  output(): string
  /** Asks it to stop as an orchestrator does, and kills it after the grace period. */
  stop(graceSeconds: number): Promise<void>
  /** Paths that it changed in its own file system. */
  changes(): Promise<string[]>
  remove(): Promise<void>
}

/**
 * What every step has to live with: nothing to write but the scratch folder, no capability, no way to get one, and a
 * limit to its memory. The scratch folder is a volume without a name, which is made with the owner that the image gives
 * the folder and goes with its container; podman would make a tmpfs that belongs to root, whatever its options say.
 */
const confinement = [
  '--read-only',
  '--cap-drop=ALL',
  '--security-opt=no-new-privileges',
  '--network=host',
  '--volume=/scratch',
]

/** Starts a step in a container of its own. */
export function startStep(run: StepRun): StepContainer {
  const name = `cx-step-${randomUUID()}`
  const { secretsDirectory, settingsFile, entrypoint, memory = '512m', environment = {} } = run
  // Without --rm: the exit code is what is asked for, and an engine that removes at once may lose it.
  const flags = [
    ...confinement,
    `--memory=${memory}`,
    ...(settingsFile === undefined ? [] : ['--env-file', settingsFile]),
    ...Object.entries(environment).flatMap(([key, value]) => ['--env', `${key}=${value}`]),
    ...(secretsDirectory === undefined ? [] : ['--volume', `${secretsDirectory}:/run/secrets:ro`]),
    ...(entrypoint === undefined ? [] : ['--entrypoint', entrypoint]),
  ]
  const subprocess = execa('docker', ['run', '--name', name, ...flags, imageNamed(run.image), ...run.arguments], {
    stdin: 'ignore',
    reject: false,
  })
  let output = ''
  for (const stream of [subprocess.stdout, subprocess.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
  }
  return {
    ended: subprocess.then(({ exitCode, stdout, stderr }) => ({ exitCode, stdout, stderr })),
    output: () => output,
    stop: async (graceSeconds) => {
      await docker('stop', '--time', String(graceSeconds), name)
    },
    changes: async () => (await docker('diff', name)).split('\n').filter((line) => line !== ''),
    remove: async () => {
      await docker('rm', '--force', '--volumes', name)
    },
  }
}

/** Runs a step to its end. */
export async function runStep(run: StepRun): Promise<StepEnd> {
  const step = startStep(run)
  try {
    return await step.ended
  } finally {
    await step.remove()
  }
}

/** The last line of a step's stdout: its whole result. */
export function resultOf({ stdout, stderr }: StepEnd): Record<string, unknown> {
  const line = stdout.trimEnd().split('\n').at(-1)
  try {
    return JSON.parse(line ?? '') as Record<string, unknown>
  } catch (cause) {
    throw new Error(`the last line is no result: ${line ?? ''}\n${stderr}`, { cause })
  }
}
