import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The days of the hostile world. */
export const hostileDays = ['2026-02-27', '2026-02-28', '2026-03-01'] as const

const customerCount = 400
const rowsADay = 400
const categories = ['Technician Support', 'Payments', 'Router Delivery', 'Network Failure']
const statuses = ['Resolved', 'Backlog', 'In-Progress', 'Blocked']

/** What was put into the world on purpose; a test holds the marts against it. */
export const hostileTruth = {
  customers: { source: customerCount + 3, quarantined: 2, military: 3, territories: 2 },
  agents: { source: 101, quarantined: 1 },
  /** Each daily file: a bad timestamp, a bad agent id and a repeated key. */
  quarantinedADay: 3,
  /** Each later day delivers these complaints again, now Resolved. */
  redeliveredADay: 20,
  orphanCustomersADay: 4,
  orphanAgentsADay: 2,
  rowsADay,
}

/**
 * Writes three days of deliveries, in folders of their own, that hold what real ones have been seen to hold: re-delivered
 * complaints, orphans, military and territory addresses, a category outside the list, and in each file a bad timestamp, a
 * bad agent id and a repeated key. Everything follows from the row numbers; nothing is random.
 */
export async function writeHostileWorld(folder: string): Promise<void> {
  await mkdir(join(folder, 'static', 'deep'), { recursive: true })
  await writeFile(join(folder, 'static', 'deep', 'customers_dataset.csv'), customersCsv())
  await writeFile(join(folder, 'static', 'agents.csv'), agentsCsv())
  for (const [index, day] of hostileDays.entries()) {
    const directory = join(folder, day)
    await mkdir(directory, { recursive: true })
    await writeFile(join(directory, `call_logs_day_${day}.csv`), callsCsv(index, day))
    await writeFile(join(directory, `media_complaint_day_${day}.json`), socialJson(index, day))
    await writeFile(join(directory, `web_form_request_${day.replaceAll('-', '_')}.csv`), webFormsCsv(index, day))
  }
}

const customerId = (index: number): string => `${index.toString(16).padStart(8, '0')}-1111-4222-8333-444455556666`

function customersCsv(): string {
  const places = ['APO AA 34012', 'FPO AE 09123', 'DPO AP 96555', 'San Juan, PR 00901', 'Saipan, MP 96950']
  const domains = ['GmaiL.om', 'hotmai.com', 'yahoo.com', 'gmail.com']
  const row = (index: number): string => {
    const place = places[index] ?? `Springfield, ${['NY', 'CA', 'TX'][index % 3]} 12345`
    const email = `x${index}brian.omalley@${domains[index % 4]}`
    return `${customerId(index)},Customer ${index},${index % 2 ? 'M' : 'F'},19${50 + (index % 50)}-01-02,2019-05-06,${email},"${index} Main St\n${place}"`
  }
  const good = Array.from({ length: customerCount }, (_, index) => row(index))
  const bad = [row(7), row(1000).replace('2019-05-06', '2019-02-30')]
  // A customer who has nothing but an id is still a customer.
  const bare = `${customerId(2000)},,,,,,`
  return `customer_id,name,Gender,DATE of biRTH,signup_date,email,address\n${[...good, ...bad, bare].join('\n')}\n`
}

function agentsCsv(): string {
  const grades = ['intern', 'Junior', 'Mid-level', 'Senior']
  const good = Array.from({ length: 100 }, (_, index) => `${1000 + index},Agent ${index},${grades[index % 4]},Utah`)
  return `iD,NamE,experience,state\n${[...good, '01004,Nobody,Senior,Utah'].join('\n')}\n`
}

interface Complaint {
  id: string
  customer: string
  category: string
  agent: string
  status: string
  opened: string
  closed: string
}

/** The rows of one channel and day, the bad ones among them. `closed` is empty unless Resolved. */
function complaints(channel: string, dayIndex: number): Complaint[] {
  const rows = Array.from({ length: rowsADay - 3 }, (_, index): Complaint => {
    // The first rows of a later day are complaints that the day before delivered for the first time.
    const isAgain = index < hostileTruth.redeliveredADay && dayIndex > 0
    const number = 100 + index + (isAgain ? (dayIndex - 1) * 1000 + hostileTruth.redeliveredADay : dayIndex * 1000)
    const status = isAgain ? 'Resolved' : (statuses[1 + (index % 3)] ?? '')
    const isResolved = isAgain || index % 5 === 4
    const isOrphan = index >= 50 && index < 50 + hostileTruth.orphanCustomersADay
    const isOrphanAgent = index >= 60 && index < 60 + hostileTruth.orphanAgentsADay
    const opened = new Date(Date.UTC(2025, 5, 1, 0, 0, 0) + (dayIndex * 1000 + index) * 3_600_000)
    const closed = new Date(opened.getTime() + (60 + index * 17) * 60_000)
    return {
      id: `${channel}${number}`,
      customer: isOrphan ? customerId(900_000 + index) : customerId(index % customerCount),
      category: index === 30 ? 'Something Else' : (categories[index % 4] ?? ''),
      agent: isOrphanAgent ? '1999' : String(1000 + (index % 100)),
      status: isResolved ? (index === 34 ? 'resolved' : 'Resolved') : status,
      opened: stamp(opened),
      closed: isResolved ? stamp(closed) : '',
    }
  })
  const template = { ...rows[40]!, status: 'Blocked', closed: '' }
  return [
    ...rows,
    { ...template, id: `${channel}bad-time-${dayIndex}`, opened: '2025-02-30 10:00:00' },
    { ...template, id: `${channel}bad-agent-${dayIndex}`, agent: '1004.0' },
    { ...template },
  ]
}

const stamp = (date: Date): string => date.toISOString().slice(0, 19).replace('T', ' ')

function callsCsv(dayIndex: number, day: string): string {
  const header =
    ',call ID,customeR iD,COMPLAINT_catego ry,agent ID,call_start_time,call_end_time,resolutionstatus,callLogsGenerationDate'
  const rows = complaints('Call', dayIndex).map((row, index) => {
    // Every call ends, whatever its status says.
    const ended = row.closed === '' ? row.opened.replace(/:\d\d$/, ':59') : row.closed
    const end = row.opened.startsWith('2025-02-30') ? '2025-03-01 10:00:00' : ended
    return [index * 2, row.id, row.customer, row.category, row.agent, row.opened, end, row.status, day].join(',')
  })
  return `${[header, ...rows].join('\n')}\n`
}

function webFormsCsv(dayIndex: number, day: string): string {
  const header =
    'Column1,request_id,customeR iD,COMPLAINT_catego ry,agent ID,resolutionstatus,request_date,resolution_date,webFormGenerationDate'
  const rows = complaints('web', dayIndex).map((row, index) =>
    [index * 3, row.id, row.customer, row.category, row.agent, row.status, row.opened, row.closed, day].join(','),
  )
  return `${[header, ...rows].join('\n')}\n`
}

function socialJson(dayIndex: number, day: string): string {
  const rows = complaints('soc', dayIndex)
  const column = (value: (row: Complaint, index: number) => string | number): Record<string, string | number> =>
    Object.fromEntries(rows.map((row, index) => [String(index * 4), value(row, index)]))
  return JSON.stringify({
    complaint_id: column((row) => row.id),
    'customeR iD': column((row) => row.customer),
    'COMPLAINT_catego ry': column((row) => row.category),
    'agent ID': column((row) => (row.agent === '1004.0' ? row.agent : Number(row.agent))),
    resolutionstatus: column((row) => row.status),
    request_date: column((row) => row.opened),
    resolution_date: column((row) => row.closed),
    media_channel: column((_, index) => ['Facebook', 'Twitter', 'Instagram', 'LinkedIn'][index % 4] ?? ''),
    MediaComplaintGenerationDate: column(() => day),
  })
}
