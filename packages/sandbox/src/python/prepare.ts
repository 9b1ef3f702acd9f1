// node packages/sandbox/src/python/prepare.ts: makes every Python environment that is missing.
import { repositoryRoot } from '../platform/repository.ts'
import { ensurePythonEnvironment, pythonEnvironmentNames } from './environment.ts'

const say = (text: string): boolean => process.stderr.write(`${text}\n`)

const outcomes = await Promise.allSettled(
  pythonEnvironmentNames.map((name) => ensurePythonEnvironment({ name, root: repositoryRoot, onProgress: say })),
)
for (const outcome of outcomes) {
  if (outcome.status === 'rejected') {
    say(outcome.reason instanceof Error ? outcome.reason.message : String(outcome.reason))
    process.exitCode = 1
  }
}
