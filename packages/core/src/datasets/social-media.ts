import { complaintColumns, mediaChannels } from './complaint-values.ts'
import { defineDataset } from './define-dataset.ts'

/** Complaints on social media: one column-oriented JSON object a day. */
export const socialMedia = defineDataset({
  name: 'social_media',
  description: 'Complaints on social media, one row a complaint.',
  version: 1,
  cadence: 'daily',
  source: { kind: 's3-json-columns', key: 'social_medias/media_complaint_day_{date}.json' },
  key: 'complaint_id',
  partition: 'generation_date',
  partitionColumn: 'generation_date',
  columns: [
    {
      name: 'complaint_id',
      type: 'string',
      required: true,
      personalData: 'direct',
      description: "Identity of the complaint; contains the customer's UUID without dashes.",
    },
    complaintColumns.customer,
    complaintColumns.agent,
    complaintColumns.category,
    complaintColumns.status,
    {
      name: 'media_channel',
      type: 'string',
      allowed: mediaChannels,
      description: 'Medium the complaint was made on.',
    },
    {
      name: 'requested_at',
      aliases: ['request_date'],
      type: 'timestamp',
      required: true,
      description: 'When the complaint was made, local time without a zone.',
    },
    {
      name: 'resolved_at',
      aliases: ['resolution_date'],
      type: 'timestamp',
      description: 'When it was resolved; empty in the source unless Resolved.',
    },
    {
      name: 'generation_date',
      aliases: ['MediaComplaintGenerationDate'],
      type: 'date',
      required: true,
      description: 'Day of the delivery, the same in every row.',
    },
    // The JSON carries its index as the keys of every column; the adapter hands it on under this header.
    { ...complaintColumns.sourceIndex, aliases: ['(row key)'] },
  ],
})
