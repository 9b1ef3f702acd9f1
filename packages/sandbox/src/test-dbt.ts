// node packages/sandbox/src/test-dbt.ts: tests build.py, builds and tests the dbt project on a small world with it, then runs
// its unit tests, and counts what passed in dbt/.report/test.json.
import { execa } from 'execa'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseStartOptions } from './console/options.ts'
import { createProgress } from './console/progress.ts'
import { warehouseEnvironment } from './platform/app-environment.ts'
import { repositoryRoot } from './platform/repository.ts'
import { type DbtOutcome, runDbt } from './platform/run-dbt.ts'
import { runPlatform } from './platform/run-platform.ts'
import type { SandboxServices } from './platform/start-services.ts'
import { ensurePythonEnvironment } from './python/environment.ts'
import { createServiceGroup } from './supervisor/group.ts'

const start = parseStartOptions(['--scale', '0.002', '--days', '2'], process.stderr)
if (!start) throw new TypeError('these flags ask for no help')
const sandboxDirectory = await mkdtemp(join(tmpdir(), 'cx-dbt-'))
const group = createServiceGroup()
const progress = createProgress(process.stderr)

/** The unit tests: they need the relations to be there, and the platform's own run leaves them out. */
async function runUnitTests(services: SandboxServices): Promise<DbtOutcome> {
  const { python, bin } = await ensurePythonEnvironment({ name: 'dbt', root: repositoryRoot, signal: group.signal })
  const step = progress.step('dbt unit tests')
  const outcome = await runDbt({
    python,
    arguments: ['test', '--select', 'test_type:unit'],
    environment: { ...warehouseEnvironment('CX_TRANSFORMER', services), PATH: `${bin}:${process.env['PATH'] ?? ''}` },
    targetDirectory: join(sandboxDirectory, 'dbt'),
    logFile: join(sandboxDirectory, 'logs', 'dbt-unit-tests.log'),
    onProgress: (done, total, name) => step.update(done / total, name),
    signal: group.signal,
  })
  step.done(`${outcome.passed} passed, ${outcome.warned} warned, ${outcome.failed} failed`)
  return outcome
}

/** The tests of the program that runs dbt. Throws with their output when one fails. */
async function testProgram(): Promise<number> {
  const { python } = await ensurePythonEnvironment({ name: 'dbt', root: repositoryRoot, signal: group.signal })
  const step = progress.step('dbt/build.py')
  const file = join(repositoryRoot, 'dbt', 'test_build.py')
  const { stderr } = await execa(python, ['-m', 'unittest', file], {
    cwd: repositoryRoot, // unittest takes a file for a module only below its working directory
    env: { PATH: process.env['PATH'] ?? '', PYTHONDONTWRITEBYTECODE: '1' },
    extendEnv: false,
    stdin: 'ignore',
    cancelSignal: group.signal,
  })
  const count = Number(/^Ran (\d+) tests?/m.exec(stderr)?.[1] ?? 0)
  step.done(`${count} passed`)
  return count
}

let outcome: DbtOutcome | undefined
try {
  const programTests = await testProgram()
  const exitCode = await runPlatform({
    start,
    sandboxDirectory,
    group,
    progress,
    output: process.stderr,
    afterwards: async (services) => {
      outcome = await runUnitTests(services)
    },
  })
  if (exitCode !== 0 || !outcome) throw new Error(`the world was not modelled (exit code ${exitCode})`)
  for (const failure of outcome.failures) process.stderr.write(`${failure}\n`)
  const report = { passed: programTests + outcome.passed + outcome.warned, failed: outcome.failed }
  const folder = join(repositoryRoot, 'dbt', '.report')
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'test.json'), JSON.stringify(report))
  process.exitCode = report.failed === 0 && report.passed > 0 ? 0 : 1
} finally {
  progress.close()
  await group.stop()
  await rm(sandboxDirectory, { recursive: true, force: true })
}
