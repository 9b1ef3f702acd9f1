import { execa } from 'execa'
import { ServiceError } from '../../supervisor/service-error.ts'

/** How a program is run as somebody who is not root. */
export interface Unprivileged {
  /** Command and arguments to put before the program's own. */
  readonly prefix: readonly string[]
  /** User and group to start it as; undefined: as we are, the prefix does the rest. */
  readonly identity: UserIdentity | undefined
  /** Who its files must belong to; undefined: us. */
  readonly fileOwner: UserIdentity | undefined
}

/** A user and a group by number. */
export interface UserIdentity {
  uid: number
  gid: number
}

/**
 * Finds out how to run Postgres, which refuses to run as root. An ordinary user runs it as it is. Root runs it as
 * `nobody`, who exists everywhere, so that no user has to be made. Where a folder on the way is closed to others
 * (/root, or one made by mktemp), it keeps the one capability that folders do not stop (capabilities(7),
 * CAP_DAC_OVERRIDE), which takes `setpriv` of util-linux. Throws a ServiceError where neither works.
 */
export async function findUnprivileged(options: {
  /** A program that must be startable. */
  program: string
  /** A folder that must be usable. */
  directory: string
}): Promise<Unprivileged> {
  if (process.getuid?.() !== 0) return { prefix: [], identity: undefined, fileOwner: undefined }
  const identity = { uid: await idOf('-u'), gid: await idOf('-g') }
  const plain = { prefix: [], identity, fileOwner: identity }
  if (await canRun(plain, options)) return plain
  const prefix = [
    'setpriv',
    `--reuid=${identity.uid}`,
    `--regid=${identity.gid}`,
    '--clear-groups',
    '--inh-caps=+dac_override',
    '--ambient-caps=+dac_override',
    // Postgres asks access(2) whether it may read its own program, which by default forgets the capability.
    '--securebits=+no_setuid_fixup',
    '--',
  ]
  const capable = { prefix, identity: undefined, fileOwner: identity }
  if (await canRun(capable, options)) return capable
  throw new ServiceError(
    'postgres',
    `Postgres does not run as root, and nobody else may enter ${options.directory}; run as an ordinary user, install setpriv (util-linux), or let others enter that folder and those above it (chmod o+x)`,
  )
}

/** Puts the prefix before a program. */
export function commandLine(unprivileged: Unprivileged, program: string, args: readonly string[]): [string, string[]] {
  const [command = program, ...rest] = [...unprivileged.prefix, program, ...args]
  return [command, rest]
}

async function idOf(flag: '-u' | '-g'): Promise<number> {
  const { stdout } = await execa('id', [flag, 'nobody'])
  return Number(stdout)
}

async function canRun(unprivileged: Unprivileged, options: { program: string; directory: string }): Promise<boolean> {
  for (const [program, args] of [
    [options.program, ['--version']],
    ['test', ['-x', options.directory, '-a', '-r', options.directory]],
  ] as const) {
    const [command, rest] = commandLine(unprivileged, program, args)
    const { failed } = await execa(command, rest, { reject: false, ...(unprivileged.identity ?? {}) })
    if (failed) return false
  }
  return true
}
