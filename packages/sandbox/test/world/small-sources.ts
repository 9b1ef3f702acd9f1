/** Headers of the five sources, in their own spelling. */
export const headers = {
  customers: 'customer_id,name,Gender,DATE of biRTH,signup_date,email,address',
  agents: 'iD,NamE,experience,state',
  calls:
    ',call ID,customeR iD,COMPLAINT_catego ry,agent ID,call_start_time,call_end_time,resolutionstatus,callLogsGenerationDate',
  webForms:
    'Column1,request_id,customeR iD,COMPLAINT_catego ry,agent ID,resolutionstatus,request_date,resolution_date,webFormGenerationDate',
}

/** A customer id that ends in a number. */
export function customerId(number: number): string {
  return `d6966473-6fb0-4045-b33d-${String(number).padStart(12, '0')}`
}

/** A record of the calls file of 2025-11-20 with parts of it replaced. */
export function call(
  id: string,
  parts: Partial<Record<'customer' | 'agent' | 'status' | 'start' | 'day', string>> = {},
): string {
  const { customer = customerId(1), agent = '1004', status = 'Backlog', day = '2025-11-20' } = parts
  const start = parts.start ?? '2025-03-07 18:40:43'
  return `0,${id},${customer},Payments,${agent},${start},2025-03-07 18:52:43,${status},${day}`
}

/** Files of a whole world of one day; each can be replaced. */
export function smallSources(files: Readonly<Record<string, string | Buffer>> = {}): Record<string, string | Buffer> {
  return {
    'customers_dataset.csv': `${headers.customers}\n${customerId(1)},April Morgan,F,1969-12-05,2017-12-08,2143april.morgane38@gmail.com,"63925 Matthew Crescent\nNew Tylerbury, UT 46642"\n`,
    'agents.csv': `${headers.agents}\n1004,William Roman,intern,Utah\n`,
    'call_logs_day_2025-11-20.csv': `${headers.calls}\n${call('a')}\n`,
    ...files,
  }
}
