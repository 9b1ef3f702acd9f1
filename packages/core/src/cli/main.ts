import { TransientError } from '../errors/transient-error.ts'
import { type ProgramOptions, runProgram } from './program.ts'

/**
 * Runs a program as this process: SIGTERM and SIGINT stop it cleanly (nothing is published), and the exit code is that
 * of the run.
 */
export async function main(options: ProgramOptions): Promise<void> {
  const stop = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      stop.abort(
        new TransientError('stopped', `stopped by ${signal}: nothing of the delivery at hand was published; run again`),
      )
    })
  }
  process.exitCode = await runProgram(options, {
    argv: process.argv.slice(2),
    environment: process.env,
    stdout: process.stdout,
    stderr: process.stderr,
    signal: stop.signal,
  })
}
