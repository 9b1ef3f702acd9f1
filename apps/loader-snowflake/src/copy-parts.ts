import type { ManifestPart } from '@coretelecoms/core'
import { z } from 'zod'
import { copyIntoSql } from './copy-sql.ts'
import { queryRows, type Warehouse } from './warehouse.ts'

const count = z.coerce.number().pipe(z.int().nonnegative())

/** What COPY says of one file; a COPY that found no file at all answers with a row that has only a status. */
const copyRow = z.object({
  file: z.string().optional(),
  status: z.string(),
  rows_parsed: count.optional(),
  rows_loaded: count.optional(),
})

/** Rows that COPY read and wrote of one object. */
export interface CopiedFile {
  readonly file: string
  readonly rowsParsed: number
  readonly rowsLoaded: number
}

/** Copies parts into a table, in the transaction that is open, and tells what COPY says of each. */
export async function copyParts(
  warehouse: Warehouse,
  table: string,
  parts: readonly ManifestPart[],
): Promise<CopiedFile[]> {
  const copied: CopiedFile[] = []
  const keys = parts.map((part) => part.key)
  for (const sql of copyIntoSql(table, keys)) {
    for (const row of await queryRows(warehouse, { sql, row: copyRow })) {
      if (row.file === undefined) continue
      copied.push({ file: row.file, rowsParsed: row.rows_parsed ?? 0, rowsLoaded: row.rows_loaded ?? 0 })
    }
  }
  return copied
}

/** Where what COPY says differs from the parts of the manifest, as texts. */
export function findCopyFaults(parts: readonly ManifestPart[], copied: readonly CopiedFile[]): string[] {
  const faults: string[] = []
  // Snowflake names a file by its whole URL or by its path in the stage.
  const files = new Map(copied.map((file) => [file.file.replace(/^s3:\/\/[^/]+\//, ''), file]))
  for (const { key, rows } of parts) {
    const file = files.get(key)
    if (!file) faults.push(`${key} was not copied`)
    else if (file.rowsParsed !== rows || file.rowsLoaded !== rows) {
      faults.push(`${key} holds ${rows} rows, of which COPY read ${file.rowsParsed} and loaded ${file.rowsLoaded}`)
    }
  }
  if (copied.length !== parts.length)
    faults.push(`COPY took ${copied.length} files, the manifest names ${parts.length}`)
  return faults
}
