import { createHash } from 'node:crypto'

/** The datasets a world holds files of, by the names of their contracts. */
export type DatasetName = 'customers' | 'agents' | 'call_logs' | 'social_media' | 'web_forms'

/** The datasets that are delivered once a day. */
export type DailyDatasetName = Extract<DatasetName, 'call_logs' | 'social_media' | 'web_forms'>

/** The daily datasets, in the order in which people list them. */
export const dailyDatasetNames: readonly DailyDatasetName[] = ['call_logs', 'social_media', 'web_forms']

/** One file of a delivery folder. */
export interface WorldFile {
  readonly dataset: DatasetName
  /** YYYY-MM-DD of the delivery, from the file's name; undefined for customers and agents. */
  readonly day: string | undefined
  /** Name without its folders. */
  readonly name: string
  /** Absolute path. */
  readonly path: string
  readonly bytes: number
  /** Lower-case hex. */
  readonly sha256: string
}

/** A dataset that has no file for a day which other datasets were delivered for. */
export interface MissingDelivery {
  readonly dataset: DailyDatasetName
  readonly day: string
}

/** Everything the five sources hold, as a folder of files: generated, or brought along by somebody. */
export interface World {
  readonly kind: 'generated' | 'folder'
  /** Absolute path of the folder. */
  readonly root: string
  /** Every day that a file names, ascending, YYYY-MM-DD. */
  readonly days: readonly string[]
  /** Customers and agents first, then by day and dataset. */
  readonly files: readonly WorldFile[]
  readonly undelivered: readonly MissingDelivery[]
}

/** The file of that dataset and day, or undefined where it is not delivered. */
export function findFile(world: World, dataset: DatasetName, day?: string): WorldFile | undefined {
  return world.files.find((file) => file.dataset === dataset && file.day === day)
}

/**
 * The identity of a world: sha256 (hex) over name, size and sha256 of each file. Where the folder lies does not
 * matter, so a copy of a folder is the same world.
 */
export function fingerprintWorld(world: World): string {
  const lines = world.files.map((file) => `${file.name.toLowerCase()}\t${file.bytes}\t${file.sha256}\n`)
  return createHash('sha256').update(lines.sort().join('')).digest('hex')
}

/** The deliveries that are absent among `files` although another dataset has that day. */
export function findMissingDeliveries(days: readonly string[], files: readonly WorldFile[]): MissingDelivery[] {
  const delivered = new Set(files.map((file) => `${file.dataset}/${file.day}`))
  return days.flatMap((day) =>
    dailyDatasetNames.filter((dataset) => !delivered.has(`${dataset}/${day}`)).map((dataset) => ({ dataset, day })),
  )
}
