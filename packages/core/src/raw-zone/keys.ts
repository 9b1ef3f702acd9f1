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

/** The date of a partition's prefix, or undefined when the prefix is not one. */
export function partitionDateOf(prefix: string): string | undefined {
  return /=(\d{4}-\d{2}-\d{2})\/$/.exec(prefix)?.[1]
}

function partName(index: number): string {
  return `part-${String(index).padStart(5, '0')}.parquet`
}
