// Brings the workspace to the point where Node 24 and the project's packages are there. Runs under whatever Node (>= 20)
// the machine has, so it uses nothing but that Node's own modules.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))
const modules = join(root, 'node_modules')
const stampFile = join(modules, '.installed-from')
const oldestNode = 20

/** The Node that the project brings along. */
export const node = join(modules, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')

/** Arguments under which Node 24 runs our TypeScript as it stands, resolving our own packages to their sources. */
export const sourceArguments = ['--conditions=@coretelecoms/source', '--disable-warning=ExperimentalWarning']

/** Installs the npm packages when the lock changed since they were installed; says what it does. */
export async function ensurePackages() {
  if (Number(process.versions.node.split('.')[0]) < oldestNode) {
    fail(
      `Node ${process.versions.node} is too old: install Node ${oldestNode} or newer from https://nodejs.org, then run this again.`,
    )
  }
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === lock && existsSync(node)) return
  if (spawnSync('npm', ['--version'], { shell: process.platform === 'win32' }).status !== 0) {
    fail('npm is missing: it comes with Node; install Node from https://nodejs.org, then run this again.')
  }
  say('installing the npm packages (npm ci) …')
  const startedAt = Date.now()
  const code = await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'])
  if (code !== 0) fail('npm ci failed: mend what it says above (network, disk), then run this again.')
  if (!existsSync(node)) {
    fail(
      'Node 24 was not unpacked: npm ran without install scripts; allow them (npm config set ignore-scripts false), then run this again.',
    )
  }
  writeFileSync(stampFile, lock)
  say(`npm packages installed in ${((Date.now() - startedAt) / 1000).toFixed(0)} s`)
}

/** Runs a command with our terminal and our signals; resolves to its exit code. */
export function run(command, commandArguments, options = {}) {
  const child = spawn(command, commandArguments, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    ...options,
    env: { ...process.env, PATH: `${join(modules, '.bin')}:${process.env.PATH}`, ...options.env },
  })
  // Ctrl-C reaches the child by itself; we stay until it has cleaned up. SIGTERM is sent to us alone.
  const wait = () => undefined
  const pass = () => child.kill('SIGTERM')
  process.on('SIGINT', wait)
  process.on('SIGTERM', pass)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code, signal) => {
      process.off('SIGINT', wait)
      process.off('SIGTERM', pass)
      resolve(code ?? (signal === 'SIGINT' ? 130 : 143))
    })
  })
}

/** One line for people. */
export function say(text) {
  process.stderr.write(`${text}\n`)
}

/** Ends the process with one sentence on what is wrong. */
export function fail(text) {
  say(text)
  process.exit(2)
}
