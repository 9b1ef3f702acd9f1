import { defineDataset } from './define-dataset.ts'

/** The agents who handle complaints: one tab of a spreadsheet that people edit by hand. */
export const agents = defineDataset({
  name: 'agents',
  description: 'Agents who handle complaints, one row an agent.',
  version: 1,
  cadence: 'static',
  source: { kind: 'sheet', title: 'CORETELECOMMS AGENTS', tab: 'agents' },
  key: 'agent_id',
  partition: 'snapshot_date',
  columns: [
    {
      name: 'agent_id',
      aliases: ['iD'],
      type: 'int32',
      required: true,
      description: 'Identity of the agent (1000-1099); arrives as text or as a number.',
    },
    {
      name: 'full_name',
      aliases: ['NamE'],
      type: 'string',
      personalData: 'direct',
      description: 'Name of the agent.',
    },
    {
      name: 'experience',
      type: 'string',
      allowed: ['intern', 'Junior', 'Mid-level', 'Senior'],
      description: 'Grade of the agent.',
    },
    { name: 'state', type: 'string', description: 'US state the agent works from, by its full name.' },
  ],
})
