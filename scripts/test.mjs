// npm test: installs what is missing, then lint, format, types, generated files, unit, contract, end-to-end and dbt tests.
// With --containers it also builds the images of the steps and runs them, with --compose it builds every image and brings the
// whole platform up by Compose, by whatever engine `docker` speaks to.
// With --terraform it validates, tests and scans infra/, and with --audit it audits workflows, licences and the history.
// Ends with `N passed, N failed`; the exit code is 0 only when nothing failed and no suite was empty.
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensurePackages, node, root, run, say, sourceArguments } from './workspace.mjs'

const nx = join(root, 'node_modules', '.bin', 'nx')
const nxEnvironment = { NX_TUI: 'false', NX_NO_CLOUD: 'true', FORCE_COLOR: '0' }
const projectFolders = ['packages', 'apps'].flatMap((folder) =>
  readdirSync(join(root, folder)).map((name) => join(folder, name)),
)
const reportFolders = [...projectFolders, 'dbt', 'airflow', 'infra']

const hasContainers = process.argv.includes('--containers')
const hasCompose = process.argv.includes('--compose')
const hasTerraform = process.argv.includes('--terraform')
const waitingTargets = [
  ...(hasTerraform ? ['terraform'] : []),
  'e2e-airflow',
  ...(hasContainers ? ['container'] : []),
  ...(hasCompose ? ['compose'] : []),
]

await ensurePackages()
await must('Python environments', [...sourceArguments, 'packages/sandbox/src/python/prepare.ts'])

/** Steps that pass or fail as one: each counts once. */
const checks = [
  ['format', join(root, 'node_modules', '.bin', 'prettier'), ['--check', '--log-level', 'warn', '.']],
  ['generated files are current', node, [...sourceArguments, 'scripts/generate.ts', '--check']],
  ['references between projects are current', nx, ['sync:check']],
  ['lint', nx, ['run-many', '--target=lint', '--output-style=static']],
  ['types', nx, ['run-many', '--target=typecheck', '--output-style=static']],
  ['build', nx, ['run-many', '--target=build', '--output-style=static']],
  ['docs of the models', nx, ['docs', 'dbt']],
  ...(hasTerraform ? [['scan of infra', nx, ['scan', 'infra']]] : []),
  ...(process.argv.includes('--audit')
    ? [['audit', node, ['scripts/audit.mjs', 'workflows', 'licences', 'secrets']]]
    : []),
]
let passed = 0
let failed = 0
for (const [name, command, commandArguments] of checks) {
  const isGood = (await step(name, command, commandArguments)) === 0
  if (isGood) passed += 1
  else failed += 1
}

for (const folder of reportFolders) rmSync(join(root, folder, '.report'), { recursive: true, force: true })
// Two lanes: what waits for a scheduler or an engine leaves the cores to what works. The second lane's words come when it
// has ended, so that those of the two do not mix.
const codes = await Promise.all([
  step('test, e2e', nx, runMany(['test', 'e2e'], 2)),
  step(waitingTargets.join(', '), nx, runMany(waitingTargets, 1), { isHeldBack: true }),
])
const targets = ['test', 'e2e', ...waitingTargets]
const failedBefore = failed
for (const target of targets) {
  const counts = readReports(target)
  passed += counts.passed
  failed += counts.failed
  if (counts.failed > 0) say(`✗ ${target}: ${counts.failed} failed; repeat one project with npx nx ${target} <project>`)
  if (counts.passed + counts.failed === 0) {
    say(`✗ ${target}: no test ran`)
    failed += 1
  }
}
// Counted above, test by test; a suite that broke before its first test has no report and counts here.
if (codes.some((code) => code !== 0) && failed === failedBefore) failed += 1
if (hasContainers && hasCompose) {
  if ((await step('sizes of the images are current', node, ['scripts/images.mjs', 'sizes'])) === 0) passed += 1
  else failed += 1
}
say('')
process.stdout.write(`${passed} passed, ${failed} failed\n`)
process.exitCode = failed === 0 ? 0 : 1

async function step(name, command, commandArguments, { isHeldBack = false } = {}) {
  say(`\n▸ ${name}`)
  const startedAt = Date.now()
  const folder = mkdtempSync(join(tmpdir(), 'cx-test-'))
  const file = join(folder, 'output.txt')
  const output = isHeldBack ? openSync(file, 'w') : 'inherit'
  const code = await run(command, commandArguments, {
    shell: false,
    env: nxEnvironment,
    stdio: [isHeldBack ? 'ignore' : 'inherit', output, output],
  })
  if (isHeldBack) {
    closeSync(output)
    say(`\n▸ ${name}, what it said:\n${readFileSync(file, 'utf8')}`)
  }
  rmSync(folder, { recursive: true })
  say(`${code === 0 ? '✓' : '✗'} ${name}, ${((Date.now() - startedAt) / 1000).toFixed(0)} s`)
  return code
}

function runMany(wanted, parallel) {
  return ['run-many', `--targets=${wanted.join(',')}`, '--output-style=static', `--parallel=${parallel}`]
}

async function must(name, commandArguments) {
  const code = await step(name, node, commandArguments)
  if (code !== 0) process.exit(code)
}

/** Sums the reports that the suites of a target wrote: vitest's JSON, or `{ passed, failed }`. */
function readReports(target) {
  const counts = { passed: 0, failed: 0 }
  for (const folder of reportFolders) {
    const file = join(root, folder, '.report', `${target}.json`)
    if (!existsSync(file)) continue
    const report = JSON.parse(readFileSync(file, 'utf8'))
    counts.passed += report.numPassedTests ?? report.passed
    counts.failed += report.numFailedTests ?? report.failed
    // A file that could not even be loaded has no tests in it, and vitest counts it as a failed suite only.
    if (report.numFailedTests === 0 && report.success === false) counts.failed += 1
  }
  return counts
}
