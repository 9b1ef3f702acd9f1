// node packages/sandbox/src/python/prepare.ts [NAME…]: makes Python environments that are missing; without a name all that
// the platform runs with.
import { repositoryRoot } from '../platform/repository.ts'
import { ensurePythonEnvironment, platformEnvironmentNames, pythonEnvironmentNames } from './environment.ts'

const say = (text: string): boolean => process.stderr.write(`${text}\n`)

const wanted = process.argv.slice(2)
const names =
  wanted.length === 0 ? platformEnvironmentNames : pythonEnvironmentNames.filter((name) => wanted.includes(name))
const outcomes = await Promise.allSettled(
  names.map((name) => ensurePythonEnvironment({ name, root: repositoryRoot, onProgress: say })),
)
for (const outcome of outcomes) {
  if (outcome.status === 'rejected') {
    say(outcome.reason instanceof Error ? outcome.reason.message : String(outcome.reason))
    process.exitCode = 1
  }
}
