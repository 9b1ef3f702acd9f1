import { expect } from 'vitest'
import type { ExpectedFigures } from '../../src/world/truth/expected-figures.ts'
import { queryPairs, queryWarehouse } from './warehouse-file.ts'

/**
 * Holds everything that the marts say of a world against figures that were worked out from its files, outside the
 * platform and without SQL.
 */
export async function expectFigures(sandboxDirectory: string, expected: ExpectedFigures): Promise<void> {
  await expectReconciliation(sandboxDirectory, expected)
  await expectComplaints(sandboxDirectory, expected)
  await expectDays(sandboxDirectory, expected)
  await expectMembers(sandboxDirectory, expected)
}

async function expectReconciliation(sandboxDirectory: string, { deliveries }: ExpectedFigures): Promise<void> {
  const published = deliveries.filter((delivery) => delivery.refusal === undefined)
  expect(published.length).toBeGreaterThan(0)
  const [firstDay] = published.flatMap(({ day }) => day ?? []).sort()
  const lines = await queryWarehouse(
    sandboxDirectory,
    `SELECT dataset, partition_date::VARCHAR AS day, source_rows, landed_rows, quarantined_rows, loaded_rows, staged_rows,
            deduplicated_rows, is_balanced
     FROM marts.mart_reconciliation ORDER BY dataset, day`,
  )
  const wanted = published.map((delivery) => ({
    dataset: delivery.dataset,
    // A static dataset is published on the first day and stands until it changes.
    day: delivery.day ?? firstDay,
    source_rows: delivery.sourceRows,
    landed_rows: delivery.landedRows,
    quarantined_rows: delivery.quarantinedRows,
    loaded_rows: delivery.landedRows,
    staged_rows: delivery.stagedRows,
    deduplicated_rows: delivery.deduplicatedRows,
    is_balanced: true,
  }))
  expect(lower(lines)).toEqual(
    wanted.sort((a, b) => a.dataset.localeCompare(b.dataset) || (a.day ?? '').localeCompare(b.day ?? '')),
  )

  const reasons = await queryPairs(
    sandboxDirectory,
    `SELECT dataset || ' ' || reason, count(*)
     FROM (SELECT dataset, unnest(from_json(reasons, '["VARCHAR"]')) AS reason FROM ops.quarantined_rows) GROUP BY 1`,
  )
  const wantedReasons: Record<string, number> = {}
  for (const { dataset, reasons: counts } of published) {
    for (const [reason, count] of Object.entries(counts)) {
      wantedReasons[`${dataset} ${reason}`] = (wantedReasons[`${dataset} ${reason}`] ?? 0) + count
    }
  }
  expect(reasons).toEqual(wantedReasons)
}

async function expectComplaints(sandboxDirectory: string, { complaints }: ExpectedFigures): Promise<void> {
  const [totals] = lower(
    await queryWarehouse(
      sandboxDirectory,
      `SELECT count(*) AS total, count(DISTINCT complaint_key) AS keys, count(*) FILTER (is_resolved) AS resolved,
              count(*) FILTER (is_open) AS open, median(resolution_hours) AS median_hours,
              count(*) FILTER (is_customer_unknown) AS unknown_customers,
              count(*) FILTER (is_agent_unknown) AS unknown_agents,
              (SELECT count(*) FROM marts.fct_complaint_status_change) AS status_changes
       FROM marts.fct_complaint`,
    ),
  )
  const { median_hours: medianHours, ...counts } = totals ?? {}
  expect(counts).toEqual({
    total: complaints.total,
    keys: complaints.total,
    resolved: complaints.resolved,
    open: complaints.open,
    unknown_customers: complaints.unknownCustomers,
    unknown_agents: complaints.unknownAgents,
    status_changes: complaints.statusChanges,
  })
  if (complaints.medianResolutionHours === null) expect(medianHours).toBeNull()
  else expect(medianHours).toBeCloseTo(complaints.medianResolutionHours, 6)
  const countBy = (column: string): Promise<Record<string, number>> =>
    queryPairs(sandboxDirectory, `SELECT ${column}, count(*) FROM marts.fct_complaint GROUP BY 1`)
  expect(await countBy('source_channel')).toEqual(complaints.byChannel)
  expect(await countBy('complaint_category')).toEqual(complaints.byCategory)
  expect(await countBy('resolution_status')).toEqual(complaints.byStatus)
}

async function expectDays(sandboxDirectory: string, { daily }: ExpectedFigures): Promise<void> {
  const totals = await queryPairs(
    sandboxDirectory,
    `SELECT generation_date::VARCHAR || ' ' || source_channel || ' ' || complaint_category, total_complaints * 100000 + resolved_complaints
     FROM marts.agg_daily_cx`,
  )
  expect(totals).toEqual(
    Object.fromEntries(
      daily.map((line) => [`${line.day} ${line.channel} ${line.category}`, line.total * 100_000 + line.resolved]),
    ),
  )
}

async function expectMembers(sandboxDirectory: string, { customers, agents }: ExpectedFigures): Promise<void> {
  const known = `FROM marts.dim_customer WHERE is_current AND customer_key <> 'unknown'`
  const countBy = (column: string): Promise<Record<string, number>> =>
    queryPairs(sandboxDirectory, `SELECT ${column}, count(*) ${known} GROUP BY 1`)
  expect(await countBy('email_domain')).toEqual(customers.byEmailDomain)
  expect(await countBy('state_code')).toEqual(customers.byStateCode)
  const [members] = lower(
    await queryWarehouse(
      sandboxDirectory,
      `SELECT (SELECT count(*) ${known}) AS customers,
              (SELECT count(*) FROM marts.dim_agent WHERE is_current AND agent_key <> 'unknown') AS agents`,
    ),
  )
  expect(members).toEqual({ customers: customers.total, agents: agents.total })
}

function lower<Value>(rows: readonly Readonly<Record<string, Value>>[]): Record<string, Value>[] {
  return rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name.toLowerCase(), value])))
}
