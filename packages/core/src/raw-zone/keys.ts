import type { Dataset } from '../datasets/define-dataset.ts'

/** One partition of a dataset in the raw zone. */
export interface Partition {
  readonly dataset: Pick<Dataset, 'name' | 'partition'>
  /** Logical date, YYYY-MM-DD. */
  readonly date: string
}

/** `raw/<dataset>/`: everything of one dataset. */
export function datasetPrefix(dataset: Pick<Dataset, 'name'>): string {
  return `raw/${dataset.name}/`
}

/** `raw/<dataset>/<partition>=YYYY-MM-DD/`. */
export function partitionPrefix({ dataset, date }: Partition): string {
  return `${datasetPrefix(dataset)}${dataset.partition}=${date}/`
}

/** The publication of a partition: names one manifest. */
export function currentKey(partition: Partition): string {
  return `${partitionPrefix(partition)}current.json`
}

/** The manifest of one load. */
export function manifestKey(partition: Partition, loadId: string): string {
  return `${partitionPrefix(partition)}load=${loadId}/manifest.json`
}

/** A part of landed rows; `index` counts from 0. */
export function partKey(partition: Partition, loadId: string, index: number): string {
  return `${partitionPrefix(partition)}load=${loadId}/${partName(index)}`
}

/** A part of quarantined rows; `index` counts from 0. */
export function quarantineKey({ dataset, date }: Partition, loadId: string, index: number): string {
  return `quarantine/${dataset.name}/${dataset.partition}=${date}/load=${loadId}/${partName(index)}`
}

/** Whether a key is one that `partKey` makes for this partition, of whatever load: a replay keeps parts of earlier ones. */
export function isPartKey(partition: Partition, key: string): boolean {
  return isPartBelow(partitionPrefix(partition), key)
}

/** The same for `quarantineKey`. */
export function isQuarantineKey({ dataset, date }: Partition, key: string): boolean {
  return isPartBelow(`quarantine/${dataset.name}/${dataset.partition}=${date}/`, key)
}

/** The date of a partition's prefix, or undefined when the prefix is not one. */
export function partitionDateOf(prefix: string): string | undefined {
  return /=(\d{4}-\d{2}-\d{2})\/$/.exec(prefix)?.[1]
}

function isPartBelow(prefix: string, key: string): boolean {
  return key.startsWith(prefix) && /^load=[0-9a-f-]{36}\/part-\d{5,}\.parquet$/.test(key.slice(prefix.length))
}

function partName(index: number): string {
  return `part-${String(index).padStart(5, '0')}.parquet`
}
