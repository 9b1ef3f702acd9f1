import { ConfigError, PermanentError, pseudonymKey, tableName } from '@coretelecoms/core'
import { z } from 'zod'
import { queryRow, type Warehouse } from './warehouse.ts'

/** The key that the warehouse is to hold. */
export interface PseudonymKeyOptions {
  /** The key: bound, never part of a text. */
  readonly key: string
  /** Replaces another key that stands there. */
  readonly isForced: boolean
}

// Fewer characters than a 128-bit key has in base64 can be guessed through the hashes of known values.
const shortestKey = 22

/**
 * Puts the pseudonym key into its one-row table; says whether anything was written. Throws a PermanentError when another
 * key stands there, since a new one changes every keyed hash in the marts.
 */
export async function storePseudonymKey(warehouse: Warehouse, options: PseudonymKeyOptions): Promise<boolean> {
  const { key, isForced } = options
  if (key.length < shortestKey) {
    throw new ConfigError('weak_key', `the pseudonym key has fewer than ${shortestKey} characters; make a random one`)
  }
  const table = tableName(pseudonymKey)
  const count = z.coerce.number()
  // Compared in the warehouse, so that the key that stands there never leaves it.
  const stored = await queryRow(warehouse, {
    sql: `SELECT COUNT(*) AS total, COUNT_IF(pseudonym_key = ?) AS same FROM ${table}`,
    binds: [key],
    row: z.object({ total: count, same: count }),
  })
  if (stored.total === 1 && stored.same === 1) return false
  if (stored.total > 0 && !isForced) {
    throw new PermanentError(
      'pseudonym_key',
      `${table} holds another key than the SSM parameter: with a new key every keyed hash in the marts changes, and none can be joined to an older one. Restore the parameter, or run \`migrate --force\` and rebuild the marts`,
    )
  }
  await warehouse.transaction(async () => {
    await warehouse.execute(`DELETE FROM ${table}`)
    await warehouse.execute(`INSERT INTO ${table} (pseudonym_key) VALUES (?)`, [key])
  })
  return true
}
