import { readdir, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { ConfigError } from '@coretelecoms/core'
import { isCalendarDay } from './calendar.ts'
import { hashFile } from './file-hash.ts'
import { fileNamesLookedFor, parseFileName } from './file-names.ts'
import type { NamedDelivery } from './file-names.ts'
import { findMissingDeliveries } from './world.ts'
import type { World, WorldFile } from './world.ts'

interface FoundFile extends NamedDelivery {
  path: string
}

/**
 * Reads a folder of delivered files as a world. Files are found by name at any depth, without regard to case;
 * others are ignored. The days are those that the names give.
 *
 * Throws a ConfigError where it is no folder, holds no such file, lacks customers or agents or every daily file,
 * holds one delivery twice, or a name gives a day that does not exist.
 */
export async function readSourcesFolder(folder: string): Promise<World> {
  const root = resolve(folder)
  const found = (await listFiles(root)).flatMap((path): FoundFile[] => {
    const delivery = parseFileName(basename(path))
    return delivery ? [{ ...delivery, path }] : []
  })
  const faults = found.length === 0 ? [nothingFound()] : findFaults(found)
  if (faults.length > 0) throw new ConfigError('sources_folder', `sources folder ${root}: ${faults.join('; ')}`)
  const files: WorldFile[] = []
  for (const file of found.sort(byDelivery)) {
    files.push({ ...file, name: basename(file.path), ...(await hashFile(file.path)) })
  }
  const days = [...new Set(files.flatMap((file) => file.day ?? []))].sort()
  return { kind: 'folder', root, days, files, undelivered: findMissingDeliveries(days, files) }
}

async function listFiles(root: string): Promise<string[]> {
  const isFolder = await stat(root).then(
    (entry) => entry.isDirectory(),
    (cause: unknown) => {
      throw new ConfigError('sources_folder', `sources folder ${root}: cannot be opened; give an existing folder`, {
        cause,
      })
    },
  )
  if (!isFolder) throw new ConfigError('sources_folder', `sources folder ${root}: is a file; give the folder it is in`)
  const paths: string[] = []
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isFile() || (entry.isSymbolicLink() && (await stat(path)).isFile())) paths.push(path)
  }
  return paths.sort()
}

function nothingFound(): string {
  return `holds no file of a source; looked at any depth for ${fileNamesLookedFor.join(', ')}`
}

function findFaults(found: readonly FoundFile[]): string[] {
  const faults: string[] = []
  const seen = new Map<string, string>()
  for (const { dataset, day, path } of found) {
    const first = seen.get(`${dataset}/${day}`)
    if (first !== undefined) {
      faults.push(`${first} and ${path} are both ${dataset}${day ? ` of ${day}` : ''}; keep one of them`)
    }
    seen.set(`${dataset}/${day}`, path)
    if (day !== undefined && !isCalendarDay(day)) faults.push(`${path} names a day that does not exist (${day})`)
  }
  for (const [dataset, name] of [
    ['customers', 'customers_dataset.csv'],
    ['agents', 'agents.csv'],
  ]) {
    if (!found.some((file) => file.dataset === dataset)) faults.push(`${name} (${dataset}) is missing; put it in`)
  }
  if (found.every((file) => file.day === undefined)) {
    faults.push(`holds no daily file, so there is no day to run; looked for ${fileNamesLookedFor.slice(2).join(', ')}`)
  }
  return faults
}

const order = ['customers', 'agents', 'call_logs', 'social_media', 'web_forms']

function byDelivery(left: FoundFile, right: FoundFile): number {
  const byDay = (left.day ?? '').localeCompare(right.day ?? '')
  return byDay !== 0 ? byDay : order.indexOf(left.dataset) - order.indexOf(right.dataset)
}
