import { describe, expect, test } from 'vitest'
import { matchHeader } from '../../src/contract/header.ts'
import { callLogs } from '../../src/datasets/call-logs.ts'
import { customers } from '../../src/datasets/customers.ts'
import { socialMedia } from '../../src/datasets/social-media.ts'
import { webForms } from '../../src/datasets/web-forms.ts'
import type { Dataset } from '../../src/datasets/define-dataset.ts'

const sourceHeaders: [Dataset, string][] = [
  [customers, 'customer_id,name,Gender,DATE of biRTH,signup_date,email,address'],
  [
    callLogs,
    ',call ID,customeR iD,COMPLAINT_catego ry,agent ID,call_start_time,call_end_time,resolutionstatus,callLogsGenerationDate',
  ],
  [
    socialMedia,
    '(row key),complaint_id,customeR iD,COMPLAINT_catego ry,agent ID,resolutionstatus,request_date,resolution_date,media_channel,MediaComplaintGenerationDate',
  ],
  [
    webForms,
    'Column1,request_id,customeR iD,COMPLAINT_catego ry,agent ID,resolutionstatus,request_date,resolution_date,webFormGenerationDate',
  ],
]

const match = (dataset: Dataset, headers: string, unknownColumns?: 'evolve') =>
  matchHeader({
    dataset,
    headers: headers.split(','),
    delivery: `${dataset.name} 2025-11-20`,
    ...(unknownColumns ? { unknownColumns } : {}),
  })

describe('matchHeader', () => {
  test.each(sourceHeaders)('knows the headers of $name as the source spells them', (dataset, headers) => {
    const names = match(dataset, headers).columns.map((column) => column?.name)
    expect(new Set(names)).toEqual(new Set(dataset.columns.map((column) => column.name)))
  })

  test('takes columns in any order, case and spacing', () => {
    const headers = 'ADDRESS,E mail,signup_date,date OF birth,gender,NAME,Customer_ID'
    expect(match(customers, headers).columns.map((column) => column?.name)).toEqual([
      'address',
      'email',
      'signup_date',
      'birth_date',
      'gender',
      'full_name',
      'customer_id',
    ])
  })

  test('names every fault at once', () => {
    const headers = 'customer_id,name,Name,DATE of biRTH,signup_date,email,loyalty'
    expect(() => match(customers, headers)).toThrow(
      /customers 2025-11-20: column "gender" is missing.*column "address" is missing.*"name" and "Name" both mean "full_name".*knows no column "loyalty"/,
    )
  })

  test('refuses the phantom header of a trailing delimiter beside the legitimate empty one', () => {
    expect(() => match(callLogs, `${sourceHeaders[1]![1]},`)).toThrow(/headers "" and "" both mean "source_index"/)
  })

  test('lets an unknown column through under evolve, but never two of one name', () => {
    const headers = sourceHeaders[0]![1]
    expect(match(customers, `${headers},loyalty`, 'evolve').columns.at(-1)).toBeUndefined()
    expect(() => match(customers, `${headers},loyalty,LOYALTY`, 'evolve')).toThrow(/both mean/)
  })

  test('refuses more than 1,000 headers, and names no more than 20 faults, each cut short', () => {
    const names = (count: number, length: number): string =>
      Array.from({ length: count }, (_, index) => `c${index}${'x'.repeat(length)}`).join(',')
    expect(() => match(callLogs, names(1001, 0), 'evolve')).toThrow(/has 1001 columns and 1000 are the most/)
    const message = messageOf(() => match(callLogs, names(900, 500)))
    expect(message).toContain('and 889 more')
    expect(message.length).toBeLessThan(4000)
  })

  test('says when a delivery holds nothing', () => {
    expect(() => matchHeader({ dataset: customers, headers: [], delivery: 'customers 2025-11-20' })).toThrow(
      /no header/,
    )
  })
})

function messageOf(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    return error instanceof Error ? error.message : ''
  }
  throw new Error('nothing was refused')
}
