import type { Figures } from '../platform/figures.ts'
import type { Reconciliation } from '../platform/reconcile.ts'
import { formatTable } from './table.ts'

/** What a run ends with. */
export interface Summary {
  readonly reconciliation: Reconciliation
  readonly figures: Figures | undefined
  readonly rawZone: string
  readonly warehouseFile: string
  readonly logs: string
  readonly seconds: number
}

/** The end of a run as text: every hop counted, the figures, where things lie, and a query to try. */
export function formatSummary(summary: Summary): string {
  const { reconciliation, figures } = summary
  const hops = formatTable(
    ['dataset', 'day', 'source', 'landed', 'quarantined', 'loaded', 'staged', 'newer elsewhere', 'verdict'],
    reconciliation.lines.map(({ dataset, date, counts, verdict }) =>
      counts
        ? [
            dataset,
            date,
            counts.source,
            counts.landed,
            counts.quarantined,
            counts.loaded,
            counts.staged,
            counts.deduplicated,
            verdict,
          ]
        : [dataset, date, '', '', '', '', '', '', verdict],
    ),
  )
  return ['', hops, '', ...(figures ? formatFigures(figures) : []), ...formatPlaces(summary), ''].join('\n')
}

function formatFigures({ channels, medianResolutionHours }: Figures): string[] {
  const total = (key: 'complaints' | 'resolved' | 'open'): number =>
    channels.reduce((sum, channel) => sum + channel[key], 0)
  const rows = [
    ...channels,
    { channel: 'all', complaints: total('complaints'), resolved: total('resolved'), open: total('open') },
  ]
  return [
    formatTable(
      ['channel', 'complaints', 'resolved', 'resolution rate', 'open backlog'],
      rows.map((row) => [
        row.channel,
        row.complaints,
        row.resolved,
        formatRate(row.resolved, row.complaints),
        row.open,
      ]),
    ),
    '',
    `median resolution (web and social): ${medianResolutionHours === null ? 'nothing resolved yet' : `${medianResolutionHours.toFixed(1)} h`}`,
    '',
  ]
}

function formatRate(part: number, whole: number): string {
  return whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`
}

function formatPlaces({ rawZone, warehouseFile, logs, seconds, reconciliation }: Summary): string[] {
  const ending = {
    0: 'every line balances',
    1: 'something failed that another run may mend',
    2: 'something was refused: see the verdicts and the logs',
    3: 'a delivery is not there yet',
  }[reconciliation.exitCode]
  return [
    `raw zone   ${rawZone}`,
    `warehouse  ${warehouseFile}`,
    `logs       ${logs}`,
    '',
    `try        duckdb -readonly ${warehouseFile} "SELECT state_code, count(*) FROM marts.fct_complaint JOIN marts.dim_customer USING (customer_key) WHERE is_current GROUP BY 1 ORDER BY 2 DESC LIMIT 5"`,
    '',
    `${ending}, after ${seconds.toFixed(0)} s`,
  ]
}
