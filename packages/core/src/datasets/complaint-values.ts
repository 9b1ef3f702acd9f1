/** The four statuses a complaint can have, in the contract's spelling (SOURCES: status). */
export const resolutionStatuses = ['Resolved', 'Backlog', 'In-Progress', 'Blocked'] as const

/** The four categories of complaint, in the contract's spelling (SOURCES: category). */
export const complaintCategories = ['Technician Support', 'Payments', 'Router Delivery', 'Network Failure'] as const

/** The four media a social complaint comes through, in the contract's spelling. */
export const mediaChannels = ['Facebook', 'Twitter', 'Instagram', 'LinkedIn'] as const

/** The columns that every complaint dataset shares, whatever its channel calls them. */
export const complaintColumns = {
  customer: {
    name: 'customer_id',
    aliases: ['customeR iD'],
    type: 'uuid',
    required: true,
    personalData: 'direct',
    description: 'Customer who complains; may be absent from customers (orphan).',
  },
  category: {
    name: 'complaint_category',
    aliases: ['COMPLAINT_catego ry'],
    type: 'string',
    required: true,
    allowed: complaintCategories,
    description: 'What the complaint is about.',
  },
  agent: {
    name: 'agent_id',
    aliases: ['agent ID'],
    type: 'int32',
    required: true,
    description: 'Agent who handles the complaint; may be absent from agents (orphan).',
  },
  status: {
    name: 'resolution_status',
    aliases: ['resolutionstatus'],
    type: 'string',
    required: true,
    allowed: resolutionStatuses,
    description: 'State of the complaint when this delivery was generated.',
  },
  sourceIndex: {
    name: 'source_index',
    type: 'int64',
    description: 'Index the source wrote beside the row (a pandas index with gaps): a position, never a key.',
  },
} as const
