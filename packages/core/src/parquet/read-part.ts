import { inconsistency } from '../errors/inconsistency.ts'
import type { CastValue } from '../contract/cast.ts'
import { keepIntegersExact } from './exact-integers.ts'
import { checkFooter, type Footer } from './footer.ts'
import { unreadablePart, withPart } from './open-part.ts'
import { createRowDigest } from './row-digest.ts'

/** A row of a part: values in the order of its fields, exact over their whole range (see `CastValue`). */
export type PartRow = readonly (CastValue | null)[]

/** What a part must hold. */
export interface ExpectedPart extends Footer {
  /** Digest over its rows, as `RecordWriter` gives it. */
  readonly digest: string
}

/**
 * Reads a part that `createRecordWriter` wrote, every value of it, and hands its rows to `use` one by one. It decodes
 * gzip, not the zstd that DuckDB writes. Memory: one row group. Throws a TransientError when the file is cut or damaged.
 */
export async function readPart(file: string, use: (row: PartRow) => void): Promise<void> {
  keepIntegersExact()
  await withPart(file, async (reader) => {
    const [, ...elements] = reader.metadata.schema
    const cursor = reader.getCursor()
    for (;;) {
      const record = await cursor.next().catch((error: unknown) => {
        throw unreadablePart(file, error)
      })
      if (!record) return
      use(elements.map(({ name }) => valueOf(record, name)))
    }
  })
}

/**
 * Proves that a part holds the very rows that were written: footer, number of rows, and each value. `use` gets every row
 * as it was read. Throws a TransientError when the file cannot be read, a PermanentError `inconsistent` when it holds
 * something else.
 */
export async function checkPart(file: string, expected: ExpectedPart, use?: (row: PartRow) => void): Promise<void> {
  await checkFooter(file, expected)
  const digest = createRowDigest()
  let rows = 0
  await readPart(file, (row) => {
    rows += 1
    digest.add(row)
    use?.(row)
  })
  if (rows !== expected.rows) throw inconsistency('rows written and read back', { written: expected.rows, read: rows })
  const found = digest.hex()
  if (found !== expected.digest) {
    throw inconsistency('values written and read back', { rows, written: expected.digest, read: found })
  }
}

// A null value is left out of a record.
function valueOf(record: Readonly<Record<string, unknown>>, name: string): CastValue | null {
  const value = Object.hasOwn(record, name) ? record[name] : null
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') {
    return value
  }
  throw new TypeError(`field "${name}" of a part holds a ${typeof value}`)
}
