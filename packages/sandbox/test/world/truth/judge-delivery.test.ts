import { createRejectionLog, datasets } from '@coretelecoms/core'
import { writeCsvDelivery } from '@coretelecoms/core/bulk'
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { count } from '../../../src/world/count.ts'
import { readSourcesFolder } from '../../../src/world/read-sources-folder.ts'
import { judgeDelivery } from '../../../src/world/truth/judge-delivery.ts'
import type { WorldFile } from '../../../src/world/world.ts'
import { writeWorld } from '../../../src/world/write-world.ts'
import { hostileCalls } from '../hostile-calls.ts'
import { smallSources } from '../small-sources.ts'
import { makeFolder, makeFolderOf } from '../world-folder.ts'

/** What the platform's own writer makes of a CSV file. */
async function land(file: WorldFile): Promise<unknown> {
  const dataset = datasets.find(({ name }) => name === file.dataset)
  if (!dataset) throw new TypeError(`no dataset ${file.dataset}`)
  const scratchDirectory = await makeFolder()
  const rejections = createRejectionLog(scratchDirectory)
  const written = await writeCsvDelivery(
    {
      kind: 'csv',
      identity: { uri: 's3://source/file.csv', version: '1', bytes: file.bytes },
      open: () => Promise.resolve(createReadStream(file.path) as AsyncIterable<Buffer>),
    },
    {
      dataset,
      partitionDate: file.day ?? '2025-11-20',
      unknownColumns: 'freeze',
      lineage: { loadedAt: new Date(0), loadId: 'load', sourceUri: 's3://source/file.csv', contractVersion: 'any@1' },
      scratchDirectory,
      rejections,
      onProgress: () => undefined,
      signal: new AbortController().signal,
    },
  )
  const reasons: Record<string, number> = {}
  for await (const row of rejections.rows()) for (const reason of row.reasons) count(reasons, reason)
  const { rowsRead, rowsLanded, warnings } = written
  const warned = Object.fromEntries(Object.entries(warnings).filter(([, rows]) => rows > 0))
  return { sourceRows: rowsRead, landedRows: rowsLanded, quarantinedRows: rejections.count, reasons, warnings: warned }
}

async function judge(file: WorldFile): Promise<unknown> {
  const { counts } = await judgeDelivery(file, { maxQuarantinedRatio: 1 })
  const { sourceRows, landedRows, quarantinedRows, reasons, warnings, refusal } = counts
  expect(refusal).toBeUndefined()
  return { sourceRows, landedRows, quarantinedRows, reasons, warnings }
}

test('two independent readers come to the same counts on hostile rows', async () => {
  const folder = await makeFolderOf(smallSources({ 'call_logs_day_2025-11-20.csv': hostileCalls }))
  const { files } = await readSourcesFolder(folder)
  const calls = files.find(({ dataset }) => dataset === 'call_logs') as WorldFile
  const judged = await judge(calls)
  expect(await land(calls)).toEqual(judged)
  expect(judged).toMatchObject({ sourceRows: 32, reasons: { bad_quote: 4, invalid_text: 2, repeated_key: 1 } })
})

test('two independent readers come to the same counts on a generated world', async () => {
  const world = await writeWorld({ folder: join(await makeFolder(), 'w'), seed: 5, days: 1, scale: 0.002 })
  const files = world.files.filter(({ dataset }) => dataset !== 'agents' && dataset !== 'social_media')
  expect(files).toHaveLength(3)
  for (const file of files) expect(await land(file)).toEqual(await judge(file))
})
