import { complaintColumns } from './complaint-values.ts'
import { defineDataset } from './define-dataset.ts'

/** Complaints by web form: one Postgres table a day, every column text. */
export const webForms = defineDataset({
  name: 'web_forms',
  description: 'Complaints by web form, one row a request.',
  version: 1,
  cadence: 'daily',
  source: { kind: 'postgres', table: 'web_form_request_{date_}' },
  key: 'request_id',
  partition: 'generation_date',
  partitionColumn: 'generation_date',
  columns: [
    {
      name: 'request_id',
      type: 'string',
      required: true,
      personalData: 'direct',
      description: "Identity of the request; contains the customer's UUID without dashes.",
    },
    complaintColumns.customer,
    complaintColumns.agent,
    complaintColumns.category,
    complaintColumns.status,
    {
      name: 'requested_at',
      aliases: ['request_date'],
      type: 'timestamp',
      required: true,
      description: 'When the form was sent, local time without a zone.',
    },
    {
      name: 'resolved_at',
      aliases: ['resolution_date'],
      type: 'timestamp',
      description: 'When it was resolved; empty in the source unless Resolved.',
    },
    {
      name: 'generation_date',
      aliases: ['webFormGenerationDate'],
      type: 'date',
      required: true,
      description: 'Day of the delivery, the same in every row.',
    },
    { ...complaintColumns.sourceIndex, aliases: ['Column1'] },
  ],
})
