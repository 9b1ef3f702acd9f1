import { ConfigError } from '@coretelecoms/core'

/** Reads a number of a flag. Throws a ConfigError that says what it may be. */
export function readNumber(
  flag: string,
  text: unknown,
  range: { min: number; max: number; isInteger: boolean },
): number {
  const value = typeof text === 'string' && text.trim() !== '' ? Number(text) : Number.NaN
  if (value >= range.min && value <= range.max && (!range.isInteger || Number.isInteger(value))) return value
  const kind = range.isInteger ? 'a whole number' : 'a number'
  throw new ConfigError('flags', `${flag} ${String(text)}: give ${kind} from ${range.min} to ${range.max}`)
}
