import {
  ContractError,
  type DeliveryRequest,
  matchHeader,
  quoteHeader,
  type RecordDelivery,
  type Source,
  writeRecordDelivery,
} from '@coretelecoms/core'
import { createHash } from 'node:crypto'
import { type SheetRecords, sheetRecords } from './records.ts'
import type { Spreadsheet } from './spreadsheet.ts'

const namedTabs = 20

/** The deliveries of a spreadsheet: one tab a dataset, read whole. */
export function createSheetsSource(spreadsheet: Spreadsheet): Source<RecordDelivery> {
  return {
    async withDelivery(request, use) {
      return use(await readDelivery(spreadsheet, request))
    },
    async check(request) {
      const { headers } = await readDelivery(spreadsheet, request)
      matchHeader({ dataset: request.dataset, headers, delivery: `${request.dataset.name} ${request.date}` })
    },
    write: (delivery, options) => writeRecordDelivery(delivery, options),
    close: () => Promise.resolve(),
  }
}

async function readDelivery(spreadsheet: Spreadsheet, request: DeliveryRequest): Promise<RecordDelivery> {
  const { dataset, date, signal } = request
  const { source } = dataset
  if (source.kind !== 'sheet') throw new TypeError(`dataset "${dataset.name}" does not lie in a sheet`)
  const name = `${dataset.name} ${date}`
  const { title, tabs } = await spreadsheet.describe(signal)
  signal.throwIfAborted()
  if (title !== source.title || !tabs.includes(source.tab)) {
    throw new ContractError(
      'tab',
      `${name}: spreadsheet ${spreadsheet.id} is titled ${quoteHeader(title)} and has the tabs ${tabs.slice(0, namedTabs).map(quoteHeader).join(', ')}; the contract asks for "${source.title}" with a tab "${source.tab}": give them their names back`,
    )
  }
  const sheet = sheetRecords(dataset, await spreadsheet.readRows(source.tab, signal))
  signal.throwIfAborted()
  return {
    kind: 'records',
    identity: { uri: `sheets://${spreadsheet.id}/${source.tab}`, version: sheetVersion(sheet), bytes: undefined },
    ...sheet,
  }
}

// The API tells no version of a tab, so its content is one.
function sheetVersion({ headers, records }: SheetRecords): string {
  const hash = createHash('sha256').update(JSON.stringify(headers))
  for (const record of records) hash.update(JSON.stringify([record.sourceRow, record.cells]))
  return `sha256:${hash.digest('hex')}`
}
