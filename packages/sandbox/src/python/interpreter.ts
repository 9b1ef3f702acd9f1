import { execa } from 'execa'

/** The Pythons that the locks were tried with; the Snowflake emulator is what needs 3.11. */
const oldest = '3.11'
const newest = '3.14'
const candidates = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.14', 'python']

const probe = [
  'import sys',
  'version = "%d.%d" % sys.version_info[:2]',
  'try:',
  '    import ensurepip, venv',
  'except ImportError:',
  '    version += " without venv"',
  'print(version)',
].join('\n')

/** Python cannot be used on this machine. The message says what was found and how to get what is needed. */
export class PythonMissingError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'PythonMissingError'
  }
}

/**
 * The command of a Python from 3.11 to 3.14 with its `venv` module: `python3`, or one that is installed beside it.
 * Throws a PythonMissingError that says which is missing and how to get it.
 */
export async function findPython(
  options: { commands?: readonly string[]; signal?: AbortSignal | undefined } = {},
): Promise<string> {
  const found = new Map<string, string>()
  for (const command of options.commands ?? candidates) {
    const answer = await ask(command, options.signal)
    if (answer === undefined) continue
    if (isInRange(answer)) return command
    found.set(command, answer)
  }
  throw new PythonMissingError(explain(found))
}

async function ask(command: string, signal: AbortSignal | undefined): Promise<string | undefined> {
  const { stdout, failed } = await execa(command, ['-I', '-c', probe], {
    reject: false,
    stdin: 'ignore',
    ...(signal ? { cancelSignal: signal } : {}),
  })
  signal?.throwIfAborted()
  return failed ? undefined : stdout.trim()
}

/** Whether an answer of the probe is a version in range and nothing else. */
function isInRange(answer: string): boolean {
  const minor = /^3\.(\d+)$/.exec(answer)?.[1]
  return minor !== undefined && Number(minor) >= minorOf(oldest) && Number(minor) <= minorOf(newest)
}

function minorOf(version: string): number {
  return Number(version.split('.')[1])
}

function explain(found: ReadonlyMap<string, string>): string {
  const listed = [...found].map(([command, answer]) => `${command} is ${answer}`).join(', ')
  const withoutVenv = [...found.values()].find((answer) => isInRange(answer.replace(' without venv', '')))
  if (withoutVenv !== undefined) {
    return `Python has no venv module (${listed}): install it, on Debian and Ubuntu with apt install python3-venv`
  }
  return (
    `Python ${oldest} to ${newest} is needed and ${listed === '' ? 'no python3 was found' : `was not found (${listed})`}: ` +
    'install it, on Debian and Ubuntu with apt install python3 python3-venv, on macOS with brew install python@3.13'
  )
}
