import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** A folder that is filled from lock files. */
export interface InstallFolderOptions {
  folder: string
  /** What its content follows from; when one changes, the folder is filled anew. */
  lockFiles: readonly string[]
  /** Fills an empty path; the folder is moved once it is done, so nothing in it may hold its own path. */
  fill(target: string): Promise<void>
}

const stampName = 'lock.sha256'

/**
 * Makes the folder match its lock files, whole or not at all: it is filled beside its place and moved there last, so a
 * half-made one is never used and two processes may do it at once. Returns whether it had to be filled.
 */
export async function installFolder({ folder, lockFiles, fill }: InstallFolderOptions): Promise<boolean> {
  const stamp = await hashFiles(lockFiles)
  if ((await readStamp(folder)) === stamp) return false
  const target = `${folder}.${randomUUID()}`
  await mkdir(dirname(folder), { recursive: true })
  try {
    await fill(target)
    await writeFile(join(target, stampName), stamp)
    await replaceFolder(folder, target)
  } catch (error) {
    // Somebody else may have moved the same content there in the meantime.
    if ((await readStamp(folder)) !== stamp) throw error
  } finally {
    await rm(target, { recursive: true, force: true })
  }
  return true
}

async function replaceFolder(folder: string, target: string): Promise<void> {
  const old = `${folder}.${randomUUID()}`
  await rename(folder, old).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  })
  await rename(target, folder)
  await rm(old, { recursive: true, force: true })
}

async function readStamp(folder: string): Promise<string | undefined> {
  return readFile(join(folder, stampName), 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  })
}

async function hashFiles(files: readonly string[]): Promise<string> {
  const hash = createHash('sha256')
  for (const file of files) hash.update(await readFile(file))
  return hash.digest('hex')
}
