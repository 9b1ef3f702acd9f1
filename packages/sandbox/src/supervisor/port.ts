import getPort from 'get-port'
import { ServiceError } from './service-error.ts'

/** Every service of the sandbox listens here and nowhere else. */
export const loopbackHost = '127.0.0.1'

/**
 * Finds the port for a service: a free one, or the one asked for. Throws a ServiceError that names a port that is
 * asked for and taken.
 */
export async function choosePort(service: string, asked?: number): Promise<number> {
  if (asked === undefined) return getPort({ host: loopbackHost })
  const port = await getPort({ host: loopbackHost, port: asked })
  if (port === asked) return port
  throw new ServiceError(
    service,
    `${service} cannot listen on ${loopbackHost}:${asked}: the port is taken; stop what holds it, or choose another`,
  )
}
