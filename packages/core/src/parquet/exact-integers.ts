import types from 'parquetjs-lite/lib/types.js'

/**
 * Mends three conversions of parquetjs-lite 0.8.7 that refuse or lose exact values: it throws on days and
 * microseconds before 1970, and takes int64 through parseInt, which rounds beyond 2^53.
 */
export function keepIntegersExact(): void {
  const logical = types.PARQUET_LOGICAL_TYPES
  Object.assign(logical['DATE'] ?? {}, { toPrimitive: Number, fromPrimitive: Number })
  Object.assign(logical['TIMESTAMP_MICROS'] ?? {}, { toPrimitive: toBigInt, fromPrimitive: toBigInt })
  Object.assign(logical['INT64'] ?? {}, { toPrimitive: toBigInt })
}

function toBigInt(value: unknown): bigint {
  if (typeof value === 'bigint' || typeof value === 'number') return BigInt(value)
  throw new TypeError(`an integer column got a ${typeof value}`)
}
