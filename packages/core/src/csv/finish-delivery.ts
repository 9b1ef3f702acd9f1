import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { WrittenDelivery, WrittenPart } from '../landing/delivery.ts'
import type { Engine } from '../parquet/duckdb-engine.ts'
import type { KeyIndex } from '../parquet/duckdb-repeated-keys.ts'
import type { ByteSource } from './byte-source.ts'
import type { Delivering } from './delivering.ts'
import { inconsistency } from '../errors/inconsistency.ts'
import type { LandedChunk } from './land-chunk.ts'
import { removeRepeatedRows } from './remove-repeated-rows.ts'

/** A delivery whose chunks have all landed. */
export interface FinishOptions {
  readonly run: Delivering
  readonly engine: Engine
  readonly keys: KeyIndex
  /** In source order. */
  readonly landed: readonly LandedChunk[]
  readonly rowsRead: number
  readonly source: ByteSource
}

/** Takes repeated keys out, numbers the parts that have rows, and closes the balance. */
export async function finishDelivery(finish: FinishOptions): Promise<WrittenDelivery> {
  const { run, engine, keys, rowsRead, source } = finish
  const { options, header } = run
  const rejectedBefore = options.rejections.count
  const landed = await removeRepeatedRows(run, engine.connections, keys, finish.landed)
  const parts = await numberParts(landed, options.scratchDirectory)
  const rowsLanded = parts.reduce((sum, part) => sum + part.rows, 0)
  const broken = finish.landed.reduce((sum, { chunk, content }) => sum + chunk.rows - content.rows, 0)
  const repeated = options.rejections.count - rejectedBefore
  if (rowsLanded + broken + repeated !== rowsRead) {
    throw inconsistency('rows read, landed and set aside', { rowsRead, rowsLanded, broken, repeated })
  }
  return {
    header,
    parts,
    rowsRead,
    rowsLanded,
    warnings: sumWarnings(landed),
    fingerprint: landed.reduce((sum, { content }) => sum + content.fingerprint, 0n),
    sourceSha256: source.digest(),
    sourceBytes: source.bytes,
  }
}

async function numberParts(landed: readonly LandedChunk[], directory: string): Promise<WrittenPart[]> {
  const parts: WrittenPart[] = []
  for (const { file, content } of landed) {
    if (content.rows === 0) {
      await rm(file)
      continue
    }
    const numbered = join(directory, `part-${String(parts.length).padStart(5, '0')}.parquet`)
    await rename(file, numbered)
    parts.push({ file: numbered, rows: content.rows })
  }
  return parts
}

function sumWarnings(landed: readonly LandedChunk[]): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const [rule, count] of landed.flatMap(({ content }) => [...content.warnings])) {
    if (count > 0) sums[rule] = (sums[rule] ?? 0) + count
  }
  return sums
}
