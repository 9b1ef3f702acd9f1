// node scripts/licences.mjs [--write]: lists the licence of every locked package in docs/licences.md, or checks that the
// list is current and that each licence is one we may use. The Python environments must be there (npm test makes them).
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { fail, root, say } from './workspace.mjs'

const page = join(root, 'docs', 'licences.md')
const pythonEnvironments = ['aws', 'emulator', 'dbt', 'airflow']

/** Licences that ask for no more than their text and the names of the authors to be kept. */
const permissive =
  /^(?:MIT|MIT License|MIT-0|Apache-2\.0|Apache Software License|BSD|BSD License|3-Clause BSD License|BSD-[23]-Clause|ISC|ISC License \(ISCL\)|0BSD|BlueOak-1\.0\.0|Unlicense|The Unlicense \(Unlicense\)|PSF-2\.0|Python-2\.0|Python Software Foundation License|CC-BY-4\.0)$/

/** What asks for more, or says nothing, and why it is there all the same. */
const answered = {
  certifi: 'MPL-2.0 holds for its own files, which are used as they are',
  chardet: 'LGPL, imported as it is and not changed',
  pathspec: 'MPL-2.0 holds for its own files, which are used as they are',
  'psycopg2-binary': "LGPL, imported as it is and not changed; Airflow's way to its own database",
  'simple-lru-cache': 'MIT, which its package says in the older field of several licences',
  'text-unidecode': 'a choice of Artistic or GPL: used under the Artistic licence',
}
/** The same for packages that come in several parts, by the beginning of their names. */
const answeredParts = {
  '@cloud-copilot/iam-':
    'AGPL-3.0: a judge in the tests of the policies, in no image, no package and no service that anybody reaches',
  lightningcss: 'MPL-2.0 holds for its own files, which are used as they are; only the test runner has it',
}
const isAnswered = (name) => name in answered || Object.keys(answeredParts).some((part) => name.startsWith(part))

const npm = Object.entries(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages)
  .filter(([path, entry]) => path.includes('node_modules/') && !entry.link)
  .map(([path, entry]) => ({
    name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
    licence: entry.license ?? 'none stated',
    group: entry.dev ? 'npm, development only' : 'npm, in the apps',
  }))
const python = pythonEnvironments.flatMap((environment) =>
  readPython(environment).map(({ Name, License }) => ({
    name: Name,
    licence: License,
    group: `Python, ${environment}`,
  })),
)
const packages = [...npm, ...python]

const refused = packages.filter(({ name, licence }) => !isPermissive(licence) && !isAnswered(name))
if (refused.length > 0) {
  const list = refused.map(({ name, licence, group }) => `  ${name} (${group}): ${licence}`).join('\n')
  fail(
    `licences that nobody has answered for yet; leave the package out or give the reason in scripts/licences.mjs:\n${list}`,
  )
}
const text = await format(describe(), { ...(await resolveConfig(page)), parser: 'markdown' })
if (process.argv.includes('--write')) writeFileSync(page, text)
else if (readFileSync(page, 'utf8') !== text) fail('docs/licences.md is not current: node scripts/licences.mjs --write')
say(`${packages.length} packages, each under a licence that we may use`)

/** A choice needs one licence that is permissive, a combination needs all of them to be. */
function isPermissive(licence) {
  return licence.split(' OR ').some((choice) =>
    choice
      .replace(/^\((.*)\)$/, '$1')
      .split(/ AND |; /)
      .every((part) => permissive.test(part.trim())),
  )
}

function readPython(environment) {
  const program = join(root, '.sandbox', 'python', 'audit', 'bin', 'pip-licenses')
  const interpreter = join(root, '.sandbox', 'python', environment, 'bin', 'python')
  return JSON.parse(
    execFileSync(program, ['--python', interpreter, '--from=mixed', '--format=json'], { encoding: 'utf8' }),
  )
}

function describe() {
  const lines = [
    '# Licences',
    '',
    'Every package in the locks, by where it is used. `node scripts/licences.mjs --write` makes this page again; the audit',
    'fails on a licence that is neither permissive nor answered below.',
    '',
    '## Answered one by one',
    '',
    '| package | why it may stay |',
    '| --- | --- |',
    ...Object.entries({ ...answered, ...answeredParts })
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([name, reason]) => `| ${name}${name in answeredParts ? '…' : ''} | ${reason} |`),
  ]
  for (const group of [...new Set(packages.map((entry) => entry.group))]) {
    lines.push('', `## ${group}`, '')
    const ofGroup = packages.filter((entry) => entry.group === group)
    for (const licence of [...new Set(ofGroup.map((entry) => entry.licence))].sort()) {
      const names = [...new Set(ofGroup.filter((entry) => entry.licence === licence).map(({ name }) => name))].sort()
      lines.push(`- **${licence}**: ${names.join(', ')}`)
    }
  }
  return `${lines.join('\n')}\n`
}
