import type { ErrorContext } from './platform-error.ts'
import { PermanentError } from './permanent-error.ts'

/** Two counts that must agree do not: a fault of this library, never of the delivery, and nothing may be published. */
export function inconsistency(what: string, context: ErrorContext): PermanentError {
  const figures = Object.entries(context).map(([name, value]) => `${name} ${String(value)}`)
  return new PermanentError(
    'inconsistent',
    `${what} do not agree (${figures.join(', ')}), so nothing is published; report this with the delivery's sha256`,
    { context },
  )
}
