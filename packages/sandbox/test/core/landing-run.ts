import {
  type CsvDelivery,
  type Dataset,
  defineDataset,
  type Delivery,
  landDelivery,
  type LandingPolicy,
  type LandOptions,
  type LandResult,
  type ObjectStore,
  type RecordDelivery,
  type SourceRecord,
  writeRecordDelivery,
} from '@coretelecoms/core'
import { writeCsvDeliverySized } from '@coretelecoms/core/bulk'

/** Day of every delivery here, unless a test says otherwise. */
export const today = '2025-11-20'

const columns = [
  { name: 'ticket_id', type: 'string', required: true, description: 'Identity.' },
  { name: 'priority', type: 'int32', description: 'Whole number.' },
] as const

/** A small daily dataset. */
export const tickets = defineDataset({
  name: 'tickets',
  description: 'Tickets.',
  version: 1,
  cadence: 'daily',
  source: { kind: 's3-csv', key: 'tickets_{date}.csv' },
  key: 'ticket_id',
  partition: 'generation_date',
  maxQuarantinedRatio: 0.2,
  columns: [...columns],
})

/** The same rows as one snapshot that stands until it changes. */
export const staticTickets: Dataset = { ...tickets, name: 'static_tickets', cadence: 'static' }

/** Rows of a delivery: ticket and priority, each as the source writes it. */
export type TicketRows = readonly (readonly [string, string])[]

/** So many good rows, and after them so many whose priority is no number. */
export function ticketRows(good: number, bad = 0): TicketRows {
  const row = (index: number, priority: string): [string, string] => [`t${index}`, priority]
  return Array.from({ length: good + bad }, (_, index) => row(index, index < good ? String(index) : 'high'))
}

/** One of the two ways into the raw zone. */
export interface Way {
  readonly name: 'records' | 'CSV'
  land(options: TicketDelivery, run: TicketRun): Promise<LandResult>
}

/** What is delivered. */
export interface TicketDelivery {
  readonly rows: TicketRows
  /** Equal versions are equal deliveries. */
  readonly version: string
}

/** How it is landed; everything but the store has a default. */
export interface TicketRun extends Partial<Omit<LandOptions<Delivery>, 'store' | 'policy' | 'delivery' | 'write'>> {
  readonly store: ObjectStore
  readonly policy?: Partial<LandingPolicy>
}

/** Both ways; the CSV one cuts small parts, so that there is more than one. */
export const ways: readonly Way[] = [
  {
    name: 'records',
    land: ({ rows, version }, run) =>
      landDelivery<RecordDelivery>({
        ...runDefaults(run),
        delivery: {
          kind: 'records',
          identity: { uri: 'sheets://tickets', version, bytes: undefined },
          headers: columns.map(({ name }) => name),
          records: rows.map((cells, index): SourceRecord => ({
            sourceRow: index + 1,
            cells,
            originalText: JSON.stringify(cells),
          })),
        },
        write: writeRecordDelivery,
      }),
  },
  {
    name: 'CSV',
    land: ({ rows, version }, run) =>
      landDelivery<CsvDelivery>({
        ...runDefaults(run),
        delivery: {
          kind: 'csv',
          identity: { uri: 's3://lake/tickets.csv', version, bytes: undefined },
          open: () => Promise.resolve(csvStream(rows)),
        },
        write: (delivery, options) =>
          writeCsvDeliverySized(delivery, options, { chunkBytes: 120, maxRecordBytes: 1_000_000 }),
      }),
  },
]

function runDefaults({ policy, ...run }: TicketRun) {
  return {
    dataset: tickets,
    date: today,
    runId: 'run',
    isForced: false,
    producer: 'test/1.0.0',
    now: () => new Date(),
    onProgress: () => undefined,
    signal: new AbortController().signal,
    ...run,
    policy: {
      unknownColumns: undefined,
      allowQuarantined: false,
      allowVolumeDrop: false,
      allowEmpty: false,
      ...policy,
    },
  }
}

async function* csvStream(rows: TicketRows): AsyncGenerator<Buffer> {
  yield Buffer.from(`${columns.map(({ name }) => name).join(',')}\n`)
  for (const row of rows) {
    await Promise.resolve()
    yield Buffer.from(`${row.join(',')}\n`)
  }
}
