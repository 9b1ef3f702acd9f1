import type { CommandContext } from '../cli/program.ts'
import { settle } from '../cli/settle.ts'
import { ConfigError } from '../errors/config-error.ts'
import type { ObjectStore } from '../object-store/object-store.ts'
import { manifestKey } from '../raw-zone/keys.ts'
import { restorePublication } from '../raw-zone/publication.ts'

/** Flags of `restore`. */
export const restoreFlags = [['--load-id <id>', 'the earlier load that shall be the publication again']] as const

/** `restore`: makes an earlier load of one dataset and day its publication again; the source is not asked. */
export async function restore(context: CommandContext, store: ObjectStore): Promise<void> {
  const loadId = context.flags['loadId']
  const [dataset, ...otherDatasets] = context.datasets
  const [date, ...otherDates] = context.dates
  if (typeof loadId !== 'string' || !/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(loadId)) {
    throw new ConfigError('load_id', '--load-id is missing or is no load id: OPS.LOAD_LEDGER and the manifests have it')
  }
  if (!dataset || !date || otherDatasets.length + otherDates.length > 0) {
    throw new ConfigError('flags', 'a load is of one --dataset and one --date: give one of each')
  }
  const work = async (): Promise<{ status: 'planned' | 'published' } & Record<string, unknown>> => {
    const partition = { dataset, date }
    const facts = { load_id: loadId, manifest_key: manifestKey(partition, loadId) }
    if (context.isDryRun) return { status: 'planned', ...facts }
    const { counts } = await restorePublication({
      store,
      partition,
      loadId,
      runId: context.runId,
      publishedAt: new Date(),
    })
    context.reporter.info(`${dataset.name} ${date}: load ${loadId} is the publication again; load it next`)
    const { read, landed, quarantined } = counts
    return { status: 'published', ...facts, published_date: date, read, landed, quarantined }
  }
  context.emit(await settle({ context, dataset, date, work }))
}
