import type { PartitionResult, RunResult } from '@coretelecoms/core'
import { execa } from 'execa'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { repositoryRoot } from '../../src/platform/repository.ts'
import type { AppName } from '../../src/platform/run-app.ts'

/** How an app ended, with every byte that it wrote. */
export interface Ended {
  readonly exitCode: number | undefined
  readonly stdout: string
  readonly stderr: string
  /** Messages of its failures. */
  readonly text: string
  readonly codes: readonly string[]
  readonly run: RunResult | undefined
  readonly results: readonly PartitionResult[]
  /** The most memory that the process held. */
  readonly peakMib: number
  /** What was added to the prototype of all objects. */
  readonly added: readonly string[]
}

/** What is started. */
export interface LaunchOptions {
  readonly app: AppName
  readonly words: readonly string[]
  /** The whole environment. */
  readonly environment: Readonly<Record<string, string>>
  /** Gives it a terminal: stdout and stderr are then one stream. */
  readonly hasTerminal?: boolean
}

const witness = fileURLToPath(new URL('witness.ts', import.meta.url))

/** Runs a built app as a container would, watched from inside its process. */
export async function launch({ app, words, environment, hasTerminal = false }: LaunchOptions): Promise<Ended> {
  const folder = await mkdtemp(join(tmpdir(), 'cx-launch-'))
  const witnessFile = join(folder, 'witness.json')
  const program = join(repositoryRoot, 'apps', app, 'dist', 'main.js')
  const command = [process.execPath, '--max-semi-space-size=1', '--import', witness, program, ...words]
  const [file = '', ...args] = hasTerminal ? ['script', '-qec', command.map(quoteWord).join(' '), '/dev/null'] : command
  try {
    const ended = await execa(file, args, {
      env: { ...environment, CX_WITNESS_FILE: witnessFile, TMPDIR: folder, PATH: '/usr/bin:/bin', TERM: 'xterm' },
      extendEnv: false,
      reject: false,
      stdin: 'ignore',
      stripFinalNewline: false,
    })
    const { peakMib, added } = JSON.parse(await readFile(witnessFile, 'utf8')) as Pick<Ended, 'peakMib' | 'added'>
    const run = hasTerminal ? undefined : readResult(ended.stdout)
    const errors = [run, ...(run?.results ?? [])].flatMap((each) => (each?.error ? [each.error] : []))
    return {
      exitCode: ended.exitCode,
      stdout: ended.stdout,
      stderr: ended.stderr,
      text: errors.map(({ message }) => message).join('\n'),
      codes: errors.map(({ code }) => code),
      run,
      results: run?.results ?? [],
      peakMib,
      added,
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The lines of a stream, each parsed; throws at one that is no JSON object. */
export function jsonLines(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const parsed: unknown = JSON.parse(line)
      if (typeof parsed !== 'object' || parsed === null) throw new TypeError(`no object: ${line}`)
      return parsed as Record<string, unknown>
    })
}

function readResult(stdout: string): RunResult | undefined {
  return jsonLines(stdout).at(-1) as RunResult | undefined
}

function quoteWord(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`
}
