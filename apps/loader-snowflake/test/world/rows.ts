import type { Cells } from './publish.ts'

/** A row of call_logs that keeps its contract; `changed` replaces cells. */
export function callRow(index: number, changed: Cells = {}): Cells {
  return {
    call_id: `call-${index}`,
    customer_id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    agent_id: String(1000 + (index % 100)),
    complaint_category: 'Payments',
    resolution_status: 'Resolved',
    call_started_at: '2025-11-20 10:11:12.123456',
    call_ended_at: '2025-11-20 10:15:12',
    generation_date: '2025-11-20',
    source_index: String(index),
    ...changed,
  }
}

/** Rows of call_logs with those numbers. */
export function callRows(from: number, to: number, changed: Cells = {}): Cells[] {
  return Array.from({ length: to - from + 1 }, (_, offset) => callRow(from + offset, changed))
}
