import {
  type Dataset,
  landDelivery,
  type Manifest,
  manifestKey,
  type ObjectStore,
  publish,
  readPublication,
  type RecordDelivery,
  writeRecordDelivery,
} from '@coretelecoms/core'

/** Cells of a row by canonical column name; an unnamed column is empty. */
export type Cells = Readonly<Record<string, string>>

/** What is published. */
export interface PublishDayOptions {
  readonly store: ObjectStore
  readonly dataset: Dataset
  readonly date: string
  readonly rows: readonly Cells[]
  /** State of the source; another one is another publication. */
  readonly version: string
  readonly unknownColumns?: 'freeze' | 'evolve'
}

/** Lands a delivery in the raw zone as an extractor does, and returns its manifest. */
export async function publishDay(options: PublishDayOptions): Promise<Manifest> {
  const { store, dataset, date, rows, version, unknownColumns } = options
  const known = dataset.columns.map((column) => column.name)
  const headers = [...new Set([...known, ...rows.flatMap((row) => Object.keys(row))])]
  const delivery: RecordDelivery = {
    kind: 'records',
    identity: { uri: `test://${dataset.name}/${date}`, version, bytes: undefined },
    headers,
    records: rows.map((row, index) => ({
      sourceRow: index + 1,
      cells: headers.map((header) => row[header] ?? null),
      originalText: JSON.stringify(row),
    })),
  }
  const result = await landDelivery({
    store,
    dataset,
    date,
    runId: `run of ${version}`,
    delivery,
    write: writeRecordDelivery,
    policy: { unknownColumns, allowQuarantined: true, allowVolumeDrop: true, allowEmpty: true },
    isForced: false,
    producer: 'test/0',
    now: () => new Date(),
    onProgress: () => undefined,
    signal: new AbortController().signal,
  })
  if (result.status !== 'published') throw new Error(`${dataset.name} ${date} ${version} was not published`)
  return result.manifest
}

/** Publishes a changed manifest over the one that stands: a raw zone that somebody has broken. */
export async function republish(
  store: ObjectStore,
  dataset: Dataset,
  { manifest, loadId }: { manifest: Manifest; loadId: string },
): Promise<string> {
  const partition = { dataset, date: manifest.partition.date }
  const previous = await readPublication(store, partition)
  const changed = { ...manifest, load_id: loadId }
  await publish({ store, partition, manifest: changed, previous, publishedAt: new Date() })
  return manifestKey(partition, loadId)
}
