import getPort from 'get-port'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { ServiceError } from './service-error.ts'

/** Every service of the sandbox listens here and nowhere else. */
export const loopbackHost = '127.0.0.1'

/**
 * Finds the port for a service: a free one, or the one asked for. Throws a ServiceError that names a port that is
 * asked for and cannot be listened on.
 */
export async function choosePort(service: string, asked?: number): Promise<number> {
  if (asked === undefined) return getPort({ host: loopbackHost })
  // Not by get-port: it holds a port that it gave out for taken, also when its service has stopped since.
  const server = createServer().listen({ host: loopbackHost, port: asked })
  try {
    await once(server, 'listening')
  } catch (error) {
    const reason = isCode(error, 'EADDRINUSE') ? 'the port is taken' : (error as Error).message
    throw new ServiceError(
      service,
      `${service} cannot listen on ${loopbackHost}:${asked}: ${reason}; stop what holds it, or choose another`,
      { cause: error },
    )
  }
  await new Promise((resolve) => server.close(resolve))
  return asked
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
