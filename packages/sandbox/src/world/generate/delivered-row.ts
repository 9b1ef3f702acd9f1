import { addDays } from '../calendar.ts'
import type { DailyDatasetName } from '../world.ts'
import { openComplaints } from './complaint.ts'
import type { Complaint, ComplaintOptions } from './complaint.ts'
import { count } from '../count.ts'
import type { FileDeclaration } from './declaration.ts'
import { planDefects } from './defects.ts'
import type { Defect } from './defects.ts'
import { openRandom, pick } from './random.ts'
import { isRedelivery, makeRedelivery } from './redelivery.ts'

/** A row of a daily file before it is written in the format of its source. */
export interface DeliveredRow extends Complaint {
  /** The pandas index, with gaps. */
  sourceIndex: number
  generationDate: string
  /** Set where the row breaks its contract; the format writes the damage that a value alone cannot hold. */
  defect: Defect | undefined
}

/** Which file the rows are for. */
export interface DeliveryOptions extends ComplaintOptions {
  /** Position of the day among the days of the world. */
  dayIndex: number
  /** Filled in as the rows are taken. */
  declaration: FileDeclaration
}

const badTimestamps = ['2025-02-30 10:15:00', 'not yet', '2025-06-01T10:15:00', '2025-06-01 24:00:00']
const badAgentIds = ['01004', 'abc', '1004.0']
const indexSteps = [1, 1, 1, 2, 3, 3, 4, 8]

/** The rows of one day of a channel in the order of the file, made one at a time. */
export function* makeDeliveredRows(options: DeliveryOptions): Generator<DeliveredRow> {
  const { seed, dataset, size, days, dayIndex, declaration } = options
  const complaints = openComplaints(options)
  const defects = planDefects(dataset, size[dataset], dayIndex)
  const steps = openRandom(seed, `${dataset}/${days[dayIndex]}/index`)
  const generationDate = days[dayIndex] as string
  steps.seek(0)
  let sourceIndex = 0
  for (let place = 0; place < size[dataset]; place++) {
    const complaint = isRedelivery(dayIndex, place)
      ? makeRedelivery(complaints, dayIndex, place)
      : complaints.make(dayIndex, place)
    const row: DeliveredRow = { ...complaint, sourceIndex, generationDate, defect: defects.get(place) }
    if (row.defect) spoil(row, complaints.make(dayIndex, place - 1), dataset)
    else ruffle(row, place, declaration)
    declare(row, dayIndex, place, dataset, declaration)
    yield row
    sourceIndex += pick(steps, indexSteps)
  }
}

/** Writes a defect into the values of a row, where values can hold it. */
function spoil(row: DeliveredRow, before: Complaint, dataset: DailyDatasetName): void {
  const variant = row.sourceIndex
  if (row.defect === 'bad_timestamp') row.startedAt = badTimestamps[variant % badTimestamps.length] as string
  if (row.defect === 'bad_agent_id') row.agentId = badAgentIds[variant % badAgentIds.length] as string
  if (row.defect === 'other_day') row.generationDate = addDays(row.generationDate, -1)
  if (row.defect === 'missing_required') row.category = ''
  if (row.defect === 'lone_surrogate') row.category = 'Pay\ud83dments'
  if (row.defect === 'repeated_key') row.id = dataset === 'call_logs' ? ` ${before.id}` : before.id
}

/** Makes a few rows unusual in a way that lands: a value outside the list, another case, outer white space. */
function ruffle(row: DeliveredRow, place: number, declaration: FileDeclaration): void {
  if (place % 500 === 29) {
    row.category = 'Billing Dispute'
    count(declaration.warnings, 'allowed:complaint_category')
  }
  if (place % 500 === 129) {
    row.status = row.status === 'Resolved' ? 'resolved' : row.status.toUpperCase()
    count(declaration.warnings, 'allowed:resolution_status')
  }
  if (place % 500 === 229) {
    row.category = ` ${row.category}\t`
    row.agentId = ` ${row.agentId} `
  }
}

function declare(
  row: DeliveredRow,
  dayIndex: number,
  place: number,
  dataset: DailyDatasetName,
  declaration: FileDeclaration,
): void {
  declaration.rows++
  if (row.defect) {
    count(declaration.quarantined, reasonOf(row.defect, dataset))
    return
  }
  if (isRedelivery(dayIndex, place)) declaration.redelivered++
  if (row.isCustomerUnknown) declaration.unknownCustomers++
  if (row.isAgentUnknown) declaration.unknownAgents++
}

function reasonOf(defect: Defect, dataset: DailyDatasetName): string {
  switch (defect) {
    case 'bad_timestamp':
      return dataset === 'call_logs' ? 'cast:call_started_at' : 'cast:requested_at'
    case 'bad_agent_id':
      return 'cast:agent_id'
    case 'other_day':
      return 'partition'
    case 'missing_required':
      return 'required:complaint_category'
    case 'invalid_utf8':
    case 'lone_surrogate':
      return 'invalid_text'
    default:
      return defect
  }
}
