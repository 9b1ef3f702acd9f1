import getPort from 'get-port'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { ServiceError } from './service-error.ts'

/** Every service of the sandbox listens here and, unless it is told, nowhere else. */
export const loopbackHost = '127.0.0.1'

/** Where the services may listen: here only, or everywhere, for steps that run in containers beside this one. */
export const bindHosts = [loopbackHost, '0.0.0.0'] as const

/** One of them. */
export type BindHost = (typeof bindHosts)[number]

/**
 * Finds the port for a service: a free one, or the one asked for. Throws a ServiceError that names a port that is
 * asked for and cannot be listened on.
 */
export async function choosePort(
  service: string,
  { port: asked, bind = loopbackHost }: { port?: number | undefined; bind?: BindHost | undefined } = {},
): Promise<number> {
  if (asked === undefined) return getPort({ host: bind })
  // Not by get-port: it holds a port that it gave out for taken, also when its service has stopped since.
  const server = createServer().listen({ host: bind, port: asked })
  try {
    await once(server, 'listening')
  } catch (error) {
    const reason = isCode(error, 'EADDRINUSE') ? 'the port is taken' : (error as Error).message
    throw new ServiceError(
      service,
      `${service} cannot listen on ${bind}:${asked}: ${reason}; stop what holds it, or choose another`,
      { cause: error },
    )
  }
  await new Promise((resolve) => server.close(resolve))
  return asked
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
