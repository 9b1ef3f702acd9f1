import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One request that came by. */
export interface PassedRequest {
  readonly method: string
  /** Path as the client wrote it, without its query. */
  readonly path: string
  readonly query: URLSearchParams
  readonly range: string | undefined
}

/** What becomes of an answer instead of being passed on. */
export type Fault =
  /** The server is not asked; the client gets this error of S3's. */
  | { readonly kind: 'answer'; readonly status: number; readonly code: string }
  /** The body breaks off after so many bytes. */
  | { readonly kind: 'cut'; readonly afterBytes: number }
  /** The body stops after so many bytes, and the connection stays open. */
  | { readonly kind: 'hang'; readonly afterBytes: number }
  /** The server is not asked, and the client gets no answer. */
  | { readonly kind: 'silence' }
  /** The server does what it is asked, and the client never hears of it. */
  | { readonly kind: 'lose' }

/** A proxy that fails on demand. */
export interface FaultProxy {
  readonly endpoint: string
  /** Every request since the last `reset`, in order. */
  readonly requests: readonly PassedRequest[]
  /** Asked about every request; no fault: passed on untouched. */
  decide(decision: (request: PassedRequest) => Fault | undefined): void
  /** Forgets the requests, and fails no more. */
  reset(): void
  /** Refuses connections while `work` runs. */
  whileDown(work: () => Promise<void>): Promise<void>
  close(): Promise<void>
}

/** The fault for the first requests of a method, one after the other, and none from then on. */
export function inTurn(method: string, faults: readonly Fault[]): (request: PassedRequest) => Fault | undefined {
  const rest = [...faults]
  return (passed) => (passed.method === method ? rest.shift() : undefined)
}

/** Starts a proxy on the loopback interface in front of an HTTP server on it. */
export async function startFaultProxy(target: { port: number }): Promise<FaultProxy> {
  let requests: PassedRequest[] = []
  let decide: (request: PassedRequest) => Fault | undefined = () => undefined

  function handle(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const passed = describeRequest(incoming)
    requests.push(passed)
    const fault = decide(passed)
    if (fault?.kind === 'answer') {
      incoming.resume()
      outgoing.writeHead(fault.status, { 'content-type': 'application/xml' })
      outgoing.end(
        passed.method === 'HEAD' ? '' : `<Error><Code>${fault.code}</Code><Message>on demand</Message></Error>`,
      )
      return
    }
    if (fault?.kind === 'silence') {
      incoming.resume()
      return
    }
    const { method = '', url = '', rawHeaders } = incoming
    // The headers as they came: the signature covers the host that the client named.
    const upstream = request({ host: '127.0.0.1', port: target.port, method, path: url, headers: rawHeaders })
    upstream.on('response', (response) => {
      if (fault?.kind === 'lose') {
        response.resume().on('end', () => outgoing.destroy())
        return
      }
      outgoing.writeHead(response.statusCode ?? 502, response.rawHeaders)
      if (fault) breakOff(response, outgoing, fault)
      else response.pipe(outgoing)
    })
    upstream.on('error', () => outgoing.destroy())
    outgoing.on('close', () => upstream.destroy())
    incoming.pipe(upstream)
  }

  const server = createServer(handle)
  const listen = async (chosen: number): Promise<void> => {
    server.listen(chosen, '127.0.0.1')
    await once(server, 'listening')
  }
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  await listen(0)
  const { port } = server.address() as AddressInfo
  return {
    endpoint: `http://127.0.0.1:${port}`,
    get requests() {
      return requests
    },
    decide: (decision) => (decide = decision),
    reset() {
      requests = []
      decide = () => undefined
    },
    async whileDown(work) {
      await close()
      try {
        await work()
      } finally {
        await listen(port)
      }
    },
    close,
  }
}

function describeRequest({ method = '', url = '', headers }: IncomingMessage): PassedRequest {
  const [path = '', query = ''] = url.split('?')
  return { method, path, query: new URLSearchParams(query), range: headers.range }
}

function breakOff(response: IncomingMessage, outgoing: ServerResponse, fault: Fault & { afterBytes: number }): void {
  let left = fault.afterBytes
  outgoing.flushHeaders()
  response.on('data', (bytes: Buffer) => {
    const passing = bytes.subarray(0, left)
    left -= passing.length
    outgoing.write(passing, () => {
      if (left === 0 && fault.kind === 'cut') outgoing.destroy()
    })
  })
}
