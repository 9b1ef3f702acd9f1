import { mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { ConfigError } from '@coretelecoms/core'
import { planFiles } from './generate/plan-files.ts'
import type { PlannedFile } from './generate/plan-files.ts'
import { encodePieces } from './generate/text-stream.ts'
import { resolveWorldOptions } from './generate/world-size.ts'
import type { WorldOptions } from './generate/world-size.ts'
import { readSourcesFolder } from './read-sources-folder.ts'
import type { World } from './world.ts'
import type { WorldProgress } from './world-progress.ts'
import { generatorVersion, readWorldRecord, worldRecordName } from './world-record.ts'
import type { WorldRecord } from './world-record.ts'

/** Where a world is generated to, and from what; every option but the folder has a default. */
export interface WriteWorldOptions extends Partial<WorldOptions> {
  /** Made anew as a whole; must not exist, be empty, or be a world that was generated before. */
  readonly folder: string
  readonly onProgress?: (progress: WorldProgress) => void
  readonly signal?: AbortSignal
}

/**
 * Generates a world into a folder in the layout in which the sources deliver, and `world.json` beside the files:
 * options, what is not delivered, sha256 of each file and what was spoilt on purpose. The files are written into a
 * folder of another name, which is renamed when all are there. A folder that holds this very world stays as it is.
 *
 * The same options give the same bytes. Memory does not grow with the scale. Throws a ConfigError for an option out
 * of range and for a folder that holds something else, and the signal's reason when it is aborted.
 */
export async function writeWorld(options: WriteWorldOptions): Promise<World> {
  const folder = resolve(options.folder)
  const worldOptions = resolveWorldOptions(options)
  await assertReplaceable(folder)
  const kept = await openGeneratedWorld(folder, worldOptions)
  if (kept) return kept
  const partial = `${folder}.partial`
  await rm(partial, { recursive: true, force: true })
  try {
    await mkdir(partial, { recursive: true })
    const planned = planFiles(worldOptions)
    for (const file of planned) await writePlannedFile(partial, file, options)
    const { files, undelivered } = await readSourcesFolder(partial)
    const record: WorldRecord = {
      generatorVersion,
      options: worldOptions,
      undelivered: [...undelivered],
      files: files.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 })),
      declared: planned.map((file) => file.declaration),
    }
    await writeFile(join(partial, worldRecordName), `${JSON.stringify(record, undefined, 2)}\n`)
    await rm(folder, { recursive: true, force: true })
    await rename(partial, folder)
  } catch (cause) {
    await rm(partial, { recursive: true, force: true })
    throw cause
  }
  return { ...(await readSourcesFolder(folder)), kind: 'generated' }
}

/**
 * The world of these options where the folder holds it whole: same options, same generator, every file with the bytes
 * it was written with. Undefined otherwise.
 */
export async function openGeneratedWorld(folder: string, options: Partial<WorldOptions>): Promise<World | undefined> {
  const record = await readWorldRecord(folder)
  if (!record || record.generatorVersion !== generatorVersion) return undefined
  if (JSON.stringify(record.options) !== JSON.stringify(resolveWorldOptions(options))) return undefined
  const names = new Set(await readdir(folder))
  if (record.files.some((file) => !names.has(file.name))) return undefined
  const world = await readSourcesFolder(folder)
  const written = new Map(record.files.map((file) => [file.name, file.sha256]))
  const isWhole =
    world.files.length === written.size && world.files.every((file) => written.get(file.name) === file.sha256)
  return isWhole ? { ...world, kind: 'generated' } : undefined
}

/** A folder somebody else filled is never deleted. */
async function assertReplaceable(folder: string): Promise<void> {
  let names: string[]
  try {
    names = await readdir(folder)
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return
    throw new ConfigError('world_folder', `world folder ${folder}: is not a folder that can be read; name another`, {
      cause,
    })
  }
  if (names.length === 0 || names.includes(worldRecordName)) return
  const message = `world folder ${folder}: holds files that are not a generated world; name another, or empty it`
  throw new ConfigError('world_folder', message)
}

async function writePlannedFile(folder: string, file: PlannedFile, options: WriteWorldOptions): Promise<void> {
  const { onProgress, signal } = options
  const handle = await open(join(folder, file.name), 'wx')
  try {
    for (const buffer of encodePieces(file.pieces())) {
      signal?.throwIfAborted()
      await handle.writeFile(buffer)
      onProgress?.({ step: 'generate', item: file.name, done: file.declaration.rows, total: file.rows })
    }
  } finally {
    await handle.close()
  }
  onProgress?.({ step: 'generate', item: file.name, done: file.rows, total: file.rows, outcome: 'written' })
}
