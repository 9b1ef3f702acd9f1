import { join } from 'node:path'
import { quarantineFields } from '../parquet/part-schema.ts'
import { checkPart } from '../parquet/read-part.ts'
import { createRecordWriter } from '../parquet/record-writer.ts'
import type { WriteOptions, WrittenPart } from './delivery.ts'

/** The quarantine of a delivery as one Parquet file, and its rows by reason. */
export interface WrittenQuarantine {
  readonly part: WrittenPart | undefined
  readonly reasons: Readonly<Record<string, number>>
}

/**
 * Writes the rejected rows of a delivery to one Parquet file in the scratch folder, in the order in which they were
 * found, and reads it back whole. No file when no row was rejected.
 */
export async function writeQuarantine(options: WriteOptions): Promise<WrittenQuarantine> {
  const { dataset, lineage, partitionDate, rejections, scratchDirectory } = options
  const reasons: Record<string, number> = {}
  if (rejections.count === 0) return { part: undefined, reasons }
  const file = join(scratchDirectory, 'quarantine-00000.parquet')
  const writer = await createRecordWriter(file, quarantineFields)
  const days = Date.parse(partitionDate) / 86_400_000
  const quarantinedAt = BigInt(lineage.loadedAt.getTime()) * 1000n
  for await (const row of rejections.rows()) {
    for (const reason of row.reasons) reasons[reason] = (reasons[reason] ?? 0) + 1
    await writer.append([
      dataset.name,
      days,
      lineage.loadId,
      lineage.sourceUri,
      BigInt(row.sourceRow),
      JSON.stringify(row.reasons),
      row.originalText,
      quarantinedAt,
    ])
  }
  const digest = await writer.close()
  await checkPart(file, { fields: quarantineFields, rows: writer.rows, digest })
  return { part: { file, rows: writer.rows }, reasons }
}
