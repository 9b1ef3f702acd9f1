import { Command, CommanderError } from 'commander'
import { v7 as uuidv7 } from 'uuid'
import type { Dataset } from '../datasets/define-dataset.ts'
import { ConfigError } from '../errors/config-error.ts'
import type { ExitCode } from '../errors/platform-error.ts'
import { parseDateRange } from './date-range.ts'
import { createReporter, type Reporter } from './reporter.ts'
import { type PartitionResult, resultError, exitCodeOf, type RunResult, worstExitCode } from './result.ts'

/** An app as it presents itself. */
export interface AppInfo {
  readonly name: string
  readonly version: string
  readonly description: string
}

/** What every command gets. */
export interface CommandContext {
  readonly app: AppInfo
  readonly runId: string
  readonly datasets: readonly Dataset[]
  readonly dates: readonly string[]
  readonly isForced: boolean
  readonly isDryRun: boolean
  /** All flags of the command, by their camel-case names. */
  readonly flags: Readonly<Record<string, unknown>>
  readonly environment: NodeJS.ProcessEnv
  readonly reporter: Reporter
  readonly signal: AbortSignal
  /** Writes one line on stdout. */
  emit(result: PartitionResult): void
}

/** One command of an app. */
export interface CommandDefinition {
  readonly name: string
  readonly description: string
  /** Whether `--date` must be given. */
  readonly needsDate: boolean
  /** Flags beyond the shared ones: `[flags, description]`. */
  readonly flags?: readonly (readonly [string, string])[]
  run(context: CommandContext): Promise<void>
}

/** A command-line program. */
export interface ProgramOptions {
  readonly app: AppInfo
  readonly datasets: readonly Dataset[]
  readonly commands: readonly CommandDefinition[]
}

/** What a process is given; injected so that a test can run a program in its own process. */
export interface ProcessStreams {
  readonly argv: readonly string[]
  readonly environment: NodeJS.ProcessEnv
  readonly stdout: { write(text: string): unknown }
  readonly stderr: NodeJS.WriteStream
  readonly signal: AbortSignal
}

/**
 * Runs a program to its exit code: parses the flags that all commands share, emits one JSON line a dataset and day and
 * the whole result last on stdout, and reports on stderr. Every failure becomes an exit code and a message.
 */
export async function runProgram(options: ProgramOptions, streams: ProcessStreams): Promise<ExitCode> {
  const program = new Command(options.app.name)
    .description(options.app.description)
    .version(options.app.version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => streams.stderr.write(text),
      writeErr: (text) => streams.stderr.write(text),
      outputError: () => undefined, // reported below, as every other failure is
    })
  let exitCode: ExitCode = 2
  for (const definition of options.commands) {
    const command = program.command(definition.name).description(definition.description).exitOverride()
    command.option(
      '--dataset <names>',
      `datasets, comma-separated (${options.datasets.map(({ name }) => name).join(', ')}); default: all`,
    )
    command.option('--date <day>', 'logical date, YYYY-MM-DD, or a range from..to')
    command.option('--run-id <id>', 'name of this run in manifests and logs; default: a new UUID')
    command.option('--force', 'work although source and contract are unchanged')
    command.option('--dry-run', 'say what would be read and written, and do nothing')
    for (const [flags, description] of definition.flags ?? []) command.option(flags, description)
    command.action(async (flags: Record<string, unknown>) => {
      exitCode = await runCommand({ options, streams, definition, flags })
    })
  }
  try {
    await program.parseAsync([...streams.argv], { from: 'user' })
    return exitCode
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return 0 // help and version
    const isHelp = error.code === 'commander.help' // no command: the help says which there are
    const reporter = createReporter({ app: options.app.name, runId: uuidv7(), stream: streams.stderr })
    if (!isHelp) reporter.error(error.message, { code: error.code })
    return 2
  }
}

async function runCommand(run: {
  options: ProgramOptions
  streams: ProcessStreams
  definition: CommandDefinition
  flags: Record<string, unknown>
}): Promise<ExitCode> {
  const { options, streams, definition, flags } = run
  const app = options.app.name
  const runId = isRunId(flags['runId']) ? flags['runId'] : uuidv7()
  const reporter = createReporter({ app, runId, stream: streams.stderr })
  const results: PartitionResult[] = []
  const emit = (result: PartitionResult): void => {
    results.push(result)
    streams.stdout.write(JSON.stringify(result) + '\n')
  }
  let failure: unknown
  try {
    requireRunId(flags['runId'])
    await definition.run({
      app: options.app,
      runId,
      datasets: chooseDatasets(options.datasets, flags['dataset']),
      dates: chooseDates(definition, flags['date']),
      isForced: flags['force'] === true,
      isDryRun: flags['dryRun'] === true,
      flags,
      environment: streams.environment,
      reporter,
      signal: streams.signal,
      emit,
    })
  } catch (error) {
    failure = error
    reporter.error(resultError(error).message, { code: resultError(error).code })
  }
  const exitCode = worstExitCode([
    ...results.map((result) => result.exit_code),
    ...(failure === undefined ? [] : [exitCodeOf(failure)]),
  ])
  const whole: RunResult = {
    type: 'run',
    app,
    command: definition.name,
    run_id: runId,
    exit_code: exitCode,
    ...(failure === undefined ? {} : { error: resultError(failure) }),
    results,
  }
  streams.stdout.write(JSON.stringify(whole) + '\n')
  return exitCode
}

// What Airflow allows in a run's id. It stands in manifests, logs and query tags, so it is a name and nothing else.
const runIdPattern = /^[A-Za-z0-9_.~:+-]{1,250}$/

function isRunId(flag: unknown): flag is string {
  return typeof flag === 'string' && runIdPattern.test(flag)
}

function requireRunId(flag: unknown): void {
  if (flag === undefined || isRunId(flag)) return
  throw new ConfigError('run_id', '--run-id takes 1 to 250 of the characters A-Z a-z 0-9 _ . ~ : + -')
}

function chooseDatasets(datasets: readonly Dataset[], flag: unknown): readonly Dataset[] {
  if (typeof flag !== 'string') return datasets
  return flag.split(',').map((name) => {
    const dataset = datasets.find((candidate) => candidate.name === name.trim())
    if (dataset) return dataset
    const known = datasets.map((candidate) => candidate.name).join(', ')
    throw new ConfigError('dataset', `--dataset ${JSON.stringify(name)}: this app knows ${known}`)
  })
}

function chooseDates(definition: CommandDefinition, flag: unknown): readonly string[] {
  if (typeof flag === 'string') return parseDateRange(flag)
  if (!definition.needsDate) return []
  throw new ConfigError('date', '--date is missing: the logical date of the delivery, for example --date 2025-11-20')
}
