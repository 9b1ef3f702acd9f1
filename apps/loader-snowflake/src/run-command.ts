import {
  type CommandContext,
  type CommandDefinition,
  ConfigError,
  type Dataset,
  type ObjectStore,
  type Outcome,
  parseSettings,
  type PartitionResult,
  settle,
} from '@coretelecoms/core'
import { openRawZone, queryTag, withWarehouse } from './connect.ts'
import { findPublication } from './find-publication.ts'
import { readCurrentLoad } from './ledger.ts'
import { loadPartition } from './load-partition.ts'
import { readRunLog, recordNewRuns, recordRuns, type RunLogEntry } from './run-log.ts'
import { loaderSettings } from './settings.ts'
import type { Warehouse } from './warehouse.ts'

/** `run`: loads publications of the raw zone into the warehouse. */
export const runCommand: CommandDefinition = {
  name: 'run',
  description: 'load publications of the raw zone into the warehouse',
  needsDate: true,
  flags: [['--run-log <file>', 'what the extractors wrote on stdout; goes into OPS.RUN_LOG']],
  async run(context) {
    const settings = parseSettings(loaderSettings, context.environment)
    const extractorRuns = await readExtractorRuns(context.flags['runLog'])
    const store = openRawZone(settings)
    await withWarehouse(context, settings, async (warehouse) => {
      if (!context.isDryRun) await recordNewRuns(warehouse, extractorRuns, new Date())
      const failures: RunLogEntry[] = []
      for (const dataset of context.datasets) {
        for (const date of context.dates) {
          context.signal.throwIfAborted()
          const work = (): Promise<Outcome> => loadDay({ context, warehouse, store, dataset, date })
          const result = await settle({ context, dataset, date, work })
          context.emit(result)
          if (result.status === 'failed') failures.push(logEntry(context, result))
        }
      }
      warehouse.setTag(queryTag(context))
      if (!context.isDryRun) await recordRuns(warehouse, failures, new Date())
    })
  },
}

interface Day {
  context: CommandContext
  warehouse: Warehouse
  store: ObjectStore
  dataset: Dataset
  date: string
}

async function loadDay({ context, warehouse, store, dataset, date }: Day): Promise<Outcome> {
  warehouse.setTag(queryTag(context, { dataset: dataset.name, date }))
  const found = await findPublication({ store, dataset, date })
  const { manifest } = found.publication
  const facts = {
    published_date: found.date,
    load_id: manifest.load_id,
    source_rows: manifest.counts.read,
    landed: manifest.counts.landed,
    quarantined: manifest.counts.quarantined,
  }
  const partition = { dataset: dataset.name, date: found.date }
  const name = `${dataset.name} ${found.date}`
  if (context.isDryRun) {
    const isLoaded = !context.isForced && (await readCurrentLoad(warehouse, partition)) === manifest.load_id
    const plan = isLoaded ? 'is loaded already' : `would load ${manifest.parts.length} parts`
    context.reporter.info(`${name}: ${plan}, ${manifest.counts.landed} rows`)
    return { status: isLoaded ? 'unchanged' : 'planned', ...facts }
  }
  const step = context.reporter.step(name, undefined)
  try {
    const result = await loadPartition({
      warehouse,
      store,
      dataset,
      date: found.date,
      publication: found.publication,
      runId: context.runId,
      isForced: context.isForced,
      now: () => new Date(),
      logEntry: logEntry(context, { dataset: dataset.name, date: found.date, status: 'loaded' }),
      signal: context.signal,
    })
    const rows = result.status === 'loaded' ? result.rows : manifest.counts.landed
    step.update({ bytes: 0, rows })
    step.end(result.status === 'loaded' ? `loaded ${rows} rows, fingerprint equal` : 'unchanged')
    return { status: result.status, ...facts, loaded: rows }
  } catch (error) {
    step.end('failed, nothing was changed')
    throw error
  }
}

function logEntry(
  context: CommandContext,
  result: Pick<PartitionResult, 'dataset' | 'date' | 'status' | 'error'>,
): RunLogEntry {
  return {
    runId: context.runId,
    app: context.app.name,
    command: 'run',
    dataset: result.dataset,
    date: result.date,
    status: result.status,
    errorCode: result.error?.code,
    message: result.error?.message,
  }
}

async function readExtractorRuns(flag: unknown): Promise<RunLogEntry[]> {
  if (flag === undefined) return []
  if (typeof flag !== 'string') throw new ConfigError('run_log', '--run-log takes the path of a file')
  return readRunLog(flag)
}
