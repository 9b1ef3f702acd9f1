// node scripts/terraform.mjs check: format, validity and tests of every root of infra/, counted in infra/.report/terraform.json.
// node scripts/terraform.mjs scan: checkov over all of them.
// Needs `terraform` 1.11 or newer. The providers come from Terraform's registry, or, where CX_TERRAFORM_PROVIDERS names a
// folder with an install.sh, from the file system mirror that this lays out: no account and no cloud is asked either way.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { execFileSync, spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { node, root, run, say, sourceArguments } from './workspace.mjs'

const infra = join(root, 'infra')
const roots = readdirSync(infra).filter((name) => existsSync(join(infra, name, 'versions.tf')))
const actions = { check, scan }
const action = actions[process.argv[2]]
if (!action) {
  say('say what to do: node scripts/terraform.mjs check, or scan')
  process.exit(2)
}
process.exitCode = await action()

async function check() {
  const environment = { ...process.env, TF_IN_AUTOMATION: '1', TF_CLI_CONFIG_FILE: configuration(), ...pluginCache() }
  if (spawnSync('terraform', ['version'], { stdio: 'ignore' }).status !== 0) {
    say('terraform is missing: install 1.11 or newer from https://developer.hashicorp.com/terraform/install')
    return 2
  }
  let passed = 0
  let failed = 0
  const count = (name, isGood) => {
    say(`${isGood ? '✓' : '✗'} ${name}`)
    if (isGood) passed += 1
    else failed += 1
  }
  count('format', terraform(infra, ['fmt', '-check', '-diff', '-recursive'], environment).isGood)

  // In a copy: the lock files that init writes here must not be committed; see docs/infra.md.
  const copy = mkdtempSync(join(tmpdir(), 'cx-terraform-'))
  try {
    cpSync(infra, join(copy, 'infra'), { recursive: true, filter: (path) => !/\.terraform|\.report/.test(path) })
    cpSync(join(root, '.env.example'), join(copy, '.env.example'))
    for (const name of roots) {
      const folder = join(copy, 'infra', name)
      const isReady = terraform(folder, ['init', '-backend=false', '-input=false', '-no-color'], environment).isGood
      count(`${name} is valid`, isReady && terraform(folder, ['validate', '-no-color'], environment).isGood)
      const tests = isReady ? testRoot(folder, environment) : { passed: 0, failed: 1 }
      say(`${tests.failed === 0 ? '✓' : '✗'} ${name}: ${tests.passed} passed, ${tests.failed} failed`)
      passed += tests.passed
      failed += tests.failed
    }
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
  mkdirSync(join(infra, '.report'), { recursive: true })
  writeFileSync(join(infra, '.report', 'terraform.json'), JSON.stringify({ passed, failed }))
  say(`${passed} passed, ${failed} failed`)
  return failed === 0 ? 0 : 1
}

/** Runs the tests of a root. What was skipped because something before it broke has failed, and so has an empty suite. */
function testRoot(folder, environment) {
  const { output } = terraform(folder, ['test', '-json'], environment, { isQuiet: true })
  const lines = output.split('\n').filter((line) => line.startsWith('{'))
  const messages = lines.map((line) => JSON.parse(line))
  for (const { diagnostic } of messages.filter(({ type }) => type === 'diagnostic')) {
    if (diagnostic.severity === 'error') say(`  ${diagnostic.summary}: ${diagnostic.detail}`)
  }
  const summary = messages.find(({ type }) => type === 'test_summary')?.test_summary
  if (!summary || summary.passed === 0) return { passed: 0, failed: 1 }
  return { passed: summary.passed, failed: summary.failed + summary.errored + summary.skipped }
}

function terraform(folder, words, env, { isQuiet = false } = {}) {
  const { status, stdout, stderr } = spawnSync('terraform', words, {
    cwd: folder,
    env,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  const output = `${stdout}${stderr}`
  if (status !== 0 && !isQuiet) say(output)
  return { isGood: status === 0, output }
}

/** Terraform's configuration file: the mirror's where providers are given, none of this machine's else. */
function configuration() {
  const given = process.env.CX_TERRAFORM_PROVIDERS
  const folder = join(root, '.sandbox', 'terraform')
  mkdirSync(folder, { recursive: true })
  if (given) {
    const file = join(folder, 'terraform.tfrc')
    if (!existsSync(file)) {
      say('laying out the providers …')
      const install = join(resolve(root, given), 'install.sh')
      execFileSync('bash', [install, folder], { stdio: ['ignore', 'ignore', 'inherit'], cwd: dirname(install) })
    }
    return file
  }
  const file = join(folder, 'registry.tfrc')
  writeFileSync(file, 'disable_checkpoint = true\n')
  return file
}

/** One download of a provider for all roots. */
function pluginCache() {
  if (process.env.CX_TERRAFORM_PROVIDERS) return {}
  const folder = join(root, '.sandbox', 'terraform', 'plugins')
  mkdirSync(folder, { recursive: true })
  return { TF_PLUGIN_CACHE_DIR: folder, TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE: '1' }
}

async function scan() {
  const prepared = await run(node, [...sourceArguments, 'packages/sandbox/src/python/prepare.ts', 'infra'], {
    shell: false,
  })
  if (prepared !== 0) return prepared
  const checkov = join(root, '.sandbox', 'python', 'infra', 'bin', 'checkov')
  return run(checkov, ['--config-file', join(infra, 'checkov.yaml'), '--directory', infra], { shell: false })
}
