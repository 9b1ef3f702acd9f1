import { readFile } from 'node:fs/promises'
import { ConfigError, runLog, tableName } from '@coretelecoms/core'
import { z } from 'zod'
import { warehouseTime } from './ledger.ts'
import { type Bind, placeholders, queryRows, type Warehouse } from './warehouse.ts'

/** What a run did with one delivery, as it stands in OPS.RUN_LOG. */
export interface RunLogEntry {
  readonly runId: string
  readonly app: string
  readonly command: string
  /** Undefined where a run failed before its first delivery. */
  readonly dataset: string | undefined
  readonly date: string | undefined
  readonly status: string
  readonly errorCode: string | undefined
  readonly message: string | undefined
}

const failure = z.object({ code: z.string(), message: z.string() })
const partitionLine = z.object({
  type: z.literal('partition'),
  app: z.string(),
  run_id: z.string(),
  dataset: z.string(),
  date: z.iso.date(),
  status: z.string(),
  error: failure.optional(),
})
const runLine = z.object({
  type: z.literal('run'),
  app: z.string(),
  command: z.string(),
  run_id: z.string(),
  error: failure.optional(),
})
const line = z.discriminatedUnion('type', [partitionLine, runLine])

// A day that is not delivered yet is asked for again and again: no news, and a run that changes nothing writes no row.
const loggedStatuses = new Set(['published', 'loaded', 'failed'])
const rowsPerInsert = 500

/**
 * Reads what apps wrote on stdout (one JSON object a line, of any number of runs) as entries of the run log. A delivery
 * that was unchanged, not there yet, planned or only checked is no entry. Throws a ConfigError for a file that is something else.
 */
export async function readRunLog(file: string): Promise<RunLogEntry[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new ConfigError('run_log', `--run-log ${file} cannot be read; check the path`, { cause: error })
  })
  const lines = text
    .split('\n')
    .flatMap((json, index) => (json.trim() === '' ? [] : [parseLine({ file, json, index })]))
  const commands = new Map(lines.flatMap((entry) => (entry.type === 'run' ? [[entry.run_id, entry.command]] : [])))
  return lines.flatMap((entry): RunLogEntry[] => {
    const common = {
      runId: entry.run_id,
      app: entry.app,
      command: commands.get(entry.run_id) ?? 'run',
      errorCode: entry.error?.code,
      message: entry.error?.message,
    }
    if (entry.type === 'partition') {
      return loggedStatuses.has(entry.status)
        ? [{ ...common, dataset: entry.dataset, date: entry.date, status: entry.status }]
        : []
    }
    return entry.error ? [{ ...common, dataset: undefined, date: undefined, status: 'failed' }] : []
  })
}

/** Adds entries to OPS.RUN_LOG. */
export async function recordRuns(warehouse: Warehouse, entries: readonly RunLogEntry[], at: Date): Promise<void> {
  const columns = runLog.columns.map(({ name }) => name)
  for (let index = 0; index < entries.length; index += rowsPerInsert) {
    const slice = entries.slice(index, index + rowsPerInsert)
    const binds = slice.flatMap((entry): Bind[] => [
      entry.runId,
      entry.app,
      entry.command,
      entry.dataset ?? null,
      entry.date ?? null,
      entry.status,
      entry.errorCode ?? null,
      entry.message ?? null,
      warehouseTime(at),
    ])
    await warehouse.execute(
      `INSERT INTO ${tableName(runLog)} (${columns.join(', ')}) VALUES ${placeholders(slice.length, columns.length)}`,
      binds,
    )
  }
}

/** Adds those entries to OPS.RUN_LOG that it does not hold yet: a loader that is run again is given the same file. */
export async function recordNewRuns(warehouse: Warehouse, entries: readonly RunLogEntry[], at: Date): Promise<void> {
  const runs = [...new Set(entries.map((entry) => entry.runId))]
  if (runs.length === 0) return
  const stored = await queryRows(warehouse, {
    sql: `SELECT run_id, app, dataset, TO_CHAR(partition_date, 'YYYY-MM-DD') AS date, status FROM ${tableName(runLog)} WHERE run_id IN (${runs.map(() => '?').join(', ')})`,
    binds: runs,
    row: z.object({
      run_id: z.string(),
      app: z.string(),
      dataset: z.string().nullable(),
      date: z.string().nullable(),
      status: z.string(),
    }),
  })
  const keyOf = (parts: readonly (string | null | undefined)[]): string =>
    JSON.stringify(parts.map((part) => part ?? null))
  const known = new Set(stored.map((row) => keyOf([row.run_id, row.app, row.dataset, row.date, row.status])))
  const fresh = entries.filter(
    (entry) => !known.has(keyOf([entry.runId, entry.app, entry.dataset, entry.date, entry.status])),
  )
  await recordRuns(warehouse, fresh, at)
}

function parseLine({ file, json, index }: { file: string; json: string; index: number }): z.infer<typeof line> {
  try {
    return line.parse(JSON.parse(json))
  } catch (error) {
    throw new ConfigError(
      'run_log',
      `--run-log ${file}: line ${index + 1} is not what an app of the platform writes on stdout`,
      { cause: error },
    )
  }
}
