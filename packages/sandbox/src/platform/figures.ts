import type { WarehouseClient } from './warehouse-client.ts'

/** One line of the reconciliation: a publication and its rows at every hop. */
export interface ReconciliationLine {
  readonly dataset: string
  readonly date: string
  readonly source: number
  readonly landed: number
  readonly quarantined: number
  readonly loaded: number
  readonly staged: number
  readonly deduplicated: number
  readonly isBalanced: boolean
}

/** The figures that a run ends with. */
export interface Figures {
  readonly reconciliation: readonly ReconciliationLine[]
  readonly channels: readonly { channel: string; complaints: number; resolved: number; open: number }[]
  readonly medianResolutionHours: number | null
}

/** Reads the figures from the marts. */
export async function readFigures(warehouse: WarehouseClient): Promise<Figures> {
  const reconciliation = await warehouse.query(`
    SELECT dataset, partition_date::VARCHAR AS partition_date, source_rows, landed_rows, quarantined_rows, loaded_rows,
           staged_rows, deduplicated_rows, is_balanced
    FROM marts.mart_reconciliation
    ORDER BY dataset, partition_date`)
  const channels = await warehouse.query(`
    SELECT source_channel, count(*) AS complaints, sum(iff(is_resolved, 1, 0)) AS resolved, sum(iff(is_open, 1, 0)) AS open
    FROM marts.fct_complaint
    GROUP BY source_channel
    ORDER BY source_channel`)
  const [median] = await warehouse.query(
    `SELECT median(resolution_hours)::FLOAT AS hours FROM marts.fct_complaint WHERE resolution_hours IS NOT NULL`,
  )
  return {
    reconciliation: reconciliation.map((row) => ({
      dataset: String(row['dataset']),
      date: String(row['partition_date']).slice(0, 10),
      source: Number(row['source_rows']),
      landed: Number(row['landed_rows']),
      quarantined: Number(row['quarantined_rows']),
      loaded: Number(row['loaded_rows']),
      staged: Number(row['staged_rows']),
      deduplicated: Number(row['deduplicated_rows']),
      isBalanced: row['is_balanced'] === true,
    })),
    channels: channels.map((row) => ({
      channel: String(row['source_channel']),
      complaints: Number(row['complaints']),
      resolved: Number(row['resolved']),
      open: Number(row['open']),
    })),
    medianResolutionHours: median?.['hours'] == null ? null : Number(median['hours']),
  }
}
