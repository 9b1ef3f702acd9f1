import { complaintColumns } from './complaint-values.ts'
import { defineDataset } from './define-dataset.ts'

/** Complaints by telephone: one CSV object a day, with a pandas index under an empty header. */
export const callLogs = defineDataset({
  name: 'call_logs',
  description: 'Calls to the call centre, one row a call.',
  version: 1,
  cadence: 'daily',
  // The prefix holds a space in the source.
  source: { kind: 's3-csv', key: 'call logs/call_logs_day_{date}.csv' },
  key: 'call_id',
  partition: 'generation_date',
  partitionColumn: 'generation_date',
  columns: [
    {
      name: 'call_id',
      aliases: ['call ID'],
      type: 'string',
      required: true,
      personalData: 'direct',
      description: "Identity of the call; contains the customer's UUID without dashes.",
    },
    complaintColumns.customer,
    complaintColumns.agent,
    complaintColumns.category,
    complaintColumns.status,
    {
      name: 'call_started_at',
      aliases: ['call_start_time'],
      type: 'timestamp',
      required: true,
      description: 'Start of the call, local time without a zone.',
    },
    {
      name: 'call_ended_at',
      aliases: ['call_end_time'],
      type: 'timestamp',
      description: 'End of the call; the resolution only where the status is Resolved.',
    },
    {
      name: 'generation_date',
      aliases: ['callLogsGenerationDate'],
      type: 'date',
      required: true,
      description: 'Day of the delivery, the same in every row.',
    },
    { ...complaintColumns.sourceIndex, aliases: [''] },
  ],
})
