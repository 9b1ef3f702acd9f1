import { ConfigError } from '@coretelecoms/core'
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { readProcessIdentity } from '../supervisor/process-identity.ts'

/** Holds a sandbox folder for one run at a time. */
export interface RunLock {
  release(): Promise<void>
}

const holderSchema = z.object({
  pid: z.int().positive(),
  /** Its start and command line: a later process may have got its id. */
  identity: z.string(),
})

/**
 * Takes the sandbox folder. Throws a ConfigError that names the process when another run that is still alive has it; a
 * lock left by one that was killed is taken over.
 */
export async function takeRunLock(sandboxDirectory: string): Promise<RunLock> {
  await mkdir(sandboxDirectory, { recursive: true })
  const file = join(sandboxDirectory, 'run.lock')
  const own = `${file}.${process.pid}`
  const identity = (await readProcessIdentity(process.pid)) ?? ''
  await writeFile(own, JSON.stringify({ pid: process.pid, identity }))
  try {
    for (;;) {
      // A link, so that the lock is never there without the words that say whose it is.
      if (await tryLink(own, file)) return { release: () => rm(file, { force: true }) }
      const text = await readIfThere(file)
      if (text === undefined) continue
      const holder = await findHolder(text)
      if (holder !== undefined) throw heldError(holder, sandboxDirectory)
      await removeStale({ file, text, aside: `${own}.stale` })
    }
  } finally {
    await rm(own, { force: true })
  }
}

function heldError(pid: number, sandboxDirectory: string): ConfigError {
  return new ConfigError(
    'locked',
    `process ${pid} is using ${sandboxDirectory}; wait for it or stop it (Ctrl-C), then run this again`,
  )
}

/** Process id of the run that wrote this lock, if that run is still alive. */
async function findHolder(text: string): Promise<number | undefined> {
  const holder = holderSchema.safeParse(parseJson(text)).data
  if (holder === undefined) return undefined
  return (await readProcessIdentity(holder.pid)) === holder.identity ? holder.pid : undefined
}

/** Takes a lock away whose holder is gone, and puts it back if it is another's by now. */
async function removeStale(lock: { file: string; text: string; aside: string }): Promise<void> {
  const { file, text, aside } = lock
  try {
    await rename(file, aside)
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return
    throw error
  }
  if ((await readFile(aside, 'utf8')) !== text) await tryLink(aside, file)
  await rm(aside, { force: true })
}

/** False when there is a file of that name already. */
async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false
    throw error
  }
}

async function readIfThere(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // no lock of ours: nobody can be alive behind it
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
