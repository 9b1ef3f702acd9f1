import type { DatasetName } from '../world.ts'

/** What a value of a column must be. */
export type ValueType = 'string' | 'uuid' | 'int32' | 'int64' | 'date' | 'timestamp'

/** A column as the figures need it. */
export interface ShapeColumn {
  readonly name: string
  /** The header of the source; matched without regard to case and white space, like the name. */
  readonly header: string
  readonly type: ValueType
  readonly isRequired: boolean
  readonly allowed: readonly string[] | undefined
}

/** A dataset as the figures need it. */
export interface DatasetShape {
  readonly columns: readonly ShapeColumn[]
  readonly key: string
  /** The column that must hold the day of the delivery. */
  readonly dayColumn: string | undefined
}

type ColumnLine = readonly [
  name: string,
  header: string,
  type: ValueType,
  need?: 'required' | undefined,
  allowed?: readonly string[] | undefined,
]

const categories = ['Technician Support', 'Payments', 'Router Delivery', 'Network Failure']
const statuses = ['Resolved', 'Backlog', 'In-Progress', 'Blocked']
const media = ['Facebook', 'Twitter', 'Instagram', 'LinkedIn']

const complaintLines: readonly ColumnLine[] = [
  ['customer_id', 'customeR iD', 'uuid', 'required'],
  ['agent_id', 'agent ID', 'int32', 'required'],
  ['complaint_category', 'COMPLAINT_catego ry', 'string', 'required', categories],
  ['resolution_status', 'resolutionstatus', 'string', 'required', statuses],
]

/**
 * The five contracts, written down a second time on purpose: figures that are to prove the platform right must not be
 * worked out from the platform's own declarations.
 */
export const datasetShapes: Readonly<Record<DatasetName, DatasetShape>> = {
  customers: shape('customer_id', undefined, [
    ['customer_id', 'customer_id', 'uuid', 'required'],
    ['full_name', 'name', 'string'],
    ['gender', 'Gender', 'string', undefined, ['M', 'F']],
    ['birth_date', 'DATE of biRTH', 'date'],
    ['signup_date', 'signup_date', 'date'],
    ['email', 'email', 'string'],
    ['address', 'address', 'string'],
  ]),
  agents: shape('agent_id', undefined, [
    ['agent_id', 'iD', 'int32', 'required'],
    ['full_name', 'NamE', 'string'],
    ['experience', 'experience', 'string', undefined, ['intern', 'Junior', 'Mid-level', 'Senior']],
    ['state', 'state', 'string'],
  ]),
  call_logs: shape('call_id', 'generation_date', [
    ['call_id', 'call ID', 'string', 'required'],
    ...complaintLines,
    ['call_started_at', 'call_start_time', 'timestamp', 'required'],
    ['call_ended_at', 'call_end_time', 'timestamp'],
    ['generation_date', 'callLogsGenerationDate', 'date', 'required'],
    ['source_index', '', 'int64'],
  ]),
  social_media: shape('complaint_id', 'generation_date', [
    ['complaint_id', 'complaint_id', 'string', 'required'],
    ...complaintLines,
    ['media_channel', 'media_channel', 'string', undefined, media],
    ['requested_at', 'request_date', 'timestamp', 'required'],
    ['resolved_at', 'resolution_date', 'timestamp'],
    ['generation_date', 'MediaComplaintGenerationDate', 'date', 'required'],
    ['source_index', '(row key)', 'int64'],
  ]),
  web_forms: shape('request_id', 'generation_date', [
    ['request_id', 'request_id', 'string', 'required'],
    ...complaintLines,
    ['requested_at', 'request_date', 'timestamp', 'required'],
    ['resolved_at', 'resolution_date', 'timestamp'],
    ['generation_date', 'webFormGenerationDate', 'date', 'required'],
    ['source_index', 'Column1', 'int64'],
  ]),
}

function shape(key: string, dayColumn: string | undefined, lines: readonly ColumnLine[]): DatasetShape {
  const columns = lines.map(([name, header, type, need, allowed]) => {
    return { name, header, type, isRequired: need === 'required', allowed }
  })
  return { key, dayColumn, columns }
}
