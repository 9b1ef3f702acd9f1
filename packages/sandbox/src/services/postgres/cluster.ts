import { execa } from 'execa'
import { chown, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type BindHost, loopbackHost } from '../../supervisor/port.ts'
import { readProcessIdentity } from '../../supervisor/process-identity.ts'
import { ServiceError } from '../../supervisor/service-error.ts'
import { commandLine, type Unprivileged } from './unprivileged.ts'

/** What a new cluster is made with. */
export interface ClusterOptions {
  initdb: string
  /** Folder of the cluster; the folder above it exists. */
  directory: string
  unprivileged: Unprivileged
  /** Superuser of the cluster. */
  owner: { username: string; password: string }
}

/** Makes a cluster unless it is there: UTF-8, byte order of characters, SCRAM for everybody. A broken off one is none. */
export async function createCluster({ initdb, directory, unprivileged, owner }: ClusterOptions): Promise<void> {
  if (await exists(join(directory, 'PG_VERSION'))) return
  const making = `${directory}.new`
  const passwordFile = `${directory}.password`
  await rm(making, { recursive: true, force: true })
  await mkdir(making, { mode: 0o700 })
  try {
    await writeFile(passwordFile, owner.password, { mode: 0o600 })
    const { identity, fileOwner } = unprivileged
    if (fileOwner) for (const path of [making, passwordFile]) await chown(path, fileOwner.uid, fileOwner.gid)
    const [command, args] = commandLine(unprivileged, initdb, [
      `--pgdata=${making}`,
      `--username=${owner.username}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      // A sandbox that the power goes out on is made again.
      '--no-sync',
    ])
    const { failed, all, shortMessage } = await execa(command, args, {
      env: { LC_ALL: 'C', PATH: process.env['PATH'] ?? '' },
      extendEnv: false,
      reject: false,
      all: true,
      ...(identity ?? {}),
    })
    if (failed) throw new ServiceError('postgres', `no database cluster could be made: ${shortMessage}\n${all}`)
    await rename(making, directory)
  } finally {
    await rm(passwordFile, { force: true })
    await rm(making, { recursive: true, force: true })
  }
}

/** Lets everybody log in by password from where the server listens; initdb's own rules know this machine only. */
export async function writeAccessRules(directory: string, bind: BindHost): Promise<void> {
  const from = bind === loopbackHost ? `${loopbackHost}/32` : 'all'
  // Written into the file that initdb made, so that it stays the server's own.
  await writeFile(join(directory, 'pg_hba.conf'), `host all all ${from} scram-sha-256\n`)
}

/**
 * Takes away the lock of a server that was killed, if its process id belongs to another program by now: Postgres itself
 * would take any process of the same user for a server. Throws a ServiceError if a server does run on this cluster.
 */
export async function removeStaleLock(directory: string): Promise<void> {
  const lock = join(directory, 'postmaster.pid')
  if (!(await exists(lock))) return
  const pid = Number((await readFile(lock, 'utf8')).split('\n')[0])
  const holder = await readProcessIdentity(pid)
  // By the program and not by the folder, which the other may have been given under another name.
  if (holder !== undefined && /\bpostgres(\.exe)? -D /.test(holder)) {
    throw new ServiceError('postgres', `Postgres already runs on ${directory} (process ${pid}); stop it first`)
  }
  await rm(lock)
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}
