// node scripts/audit.mjs [workflows] [licences] [secrets] [packages]: audits the repository; without a name all four.
//   workflows  actionlint and zizmor over .github
//   licences   docs/licences.md is current, and each licence is one we may use
//   secrets    gitleaks over the whole history
//   packages   what is known today about the locked npm and Python packages (asks their registries)
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fail, node, root, run, say, sourceArguments } from './workspace.mjs'

const tools = join(root, '.github', 'tools')
const python = (name) => join(root, '.sandbox', 'python', 'audit', 'bin', name)
const locks = [
  'packages/sandbox/python/aws.txt',
  'packages/sandbox/python/emulator.txt',
  'packages/sandbox/python/bootstrap.txt',
  'dbt/requirements.txt',
  'airflow/requirements.txt',
  '.github/tools/requirements.txt',
  'infra/requirements.txt',
]

/** Weaknesses that are known and stay for a reason: its id, and why it does not reach us. */
const accepted = {}

const audits = {
  workflows: [
    () => goTool('actionlint', workflowFiles()),
    () => run(python('zizmor'), ['--offline', '--quiet', '.github'], { shell: false }),
  ],
  licences: [() => run(node, ['scripts/licences.mjs'], { shell: false })],
  secrets: [() => goTool('gitleaks', ['git', '--no-banner', '--redact', '--log-level', 'warn', '.'])],
  packages: [auditNpm, ...locks.map((lock) => () => auditPython(lock))],
}

const wanted = process.argv.slice(2)
const names = wanted.length === 0 ? Object.keys(audits) : wanted
for (const name of names) if (!(name in audits)) fail(`there is no audit ${name}: ${Object.keys(audits).join(', ')}`)
const prepared = await run(node, [...sourceArguments, 'packages/sandbox/src/python/prepare.ts', 'audit'], {
  shell: false,
})
if (prepared !== 0) process.exit(prepared)
for (const name of names) {
  const codes = []
  for (const audit of audits[name]) codes.push(await audit())
  const isGood = codes.every((code) => code === 0)
  say(`${isGood ? '✓' : '✗'} ${name}`)
  if (!isGood) process.exitCode = 1
}

/** Runs a tool of .github/tools/go.mod over the repository; Go builds it once and keeps it. */
async function goTool(name, words) {
  const modfile = join(tools, 'go.mod')
  const found = spawnSync('go', ['tool', '-n', name], { cwd: tools, encoding: 'utf8' })
  if (found.error) fail(`${name} needs Go: install it from https://go.dev/dl, then run this again.`)
  if (found.status !== 0) fail(`${name} of ${modfile} does not build:\n${found.stderr}`)
  return run(found.stdout.trim(), words, { shell: false })
}

function workflowFiles() {
  const folder = join(root, '.github', 'workflows')
  return readdirSync(folder).map((name) => join(folder, name))
}

async function auditNpm() {
  const report = spawnSync('npm', ['audit', '--json'], { cwd: root, encoding: 'utf8' })
  const found = JSON.parse(report.stdout || '{}')
  if (!found.vulnerabilities) {
    say(`npm audit had no answer: ${found.message ?? report.stderr.trim()}`)
    return 1
  }
  const open = Object.values(found.vulnerabilities)
    .flatMap(({ via }) => via.filter((advisory) => typeof advisory === 'object'))
    .filter(({ url }) => !(url.split('/').at(-1) in accepted))
  for (const { name, severity, title, url } of open) say(`${severity}: ${name}: ${title} (${url})`)
  return open.length === 0 ? 0 : 1
}

function auditPython(lock) {
  const ignored = Object.keys(accepted).flatMap((id) => ['--ignore-vuln', id])
  const words = ['--requirement', lock, '--disable-pip', '--require-hashes', '--strict', '--progress-spinner=off']
  return run(python('pip-audit'), [...words, ...ignored], { shell: false })
}
