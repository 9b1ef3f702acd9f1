import { createServer, request, type Server } from 'node:http'
import { pipeline } from 'node:stream'

/** A store that answers for one object of its own, and passes everything else on to the local AWS. */
export interface EndlessStore {
  readonly endpoint: string
  /** Bytes of the object that were taken. */
  served(): number
  stop(): Promise<void>
}

/** The object: its key, the size it claims to have, its first bytes and those that follow for ever. */
export interface EndlessObject {
  readonly key: string
  readonly claimedBytes: number
  readonly first: string
  readonly again: string
}

/** Starts a store in front of the local AWS at `port`. */
export async function startEndlessStore(port: number, object: EndlessObject): Promise<EndlessStore> {
  let served = 0
  const block = Buffer.from(object.again.repeat(Math.ceil(65_536 / object.again.length)))
  const server: Server = createServer((incoming, outgoing) => {
    if (
      decodeURIComponent(incoming.url ?? '')
        .split('?')[0]
        ?.endsWith(object.key)
    ) {
      outgoing.writeHead(200, { 'content-length': object.claimedBytes, etag: '"endless"' })
      if (incoming.method === 'HEAD') {
        outgoing.end()
        return
      }
      const write = (bytes: Buffer): boolean => {
        served += bytes.length
        return outgoing.write(bytes)
      }
      const go = (): void => {
        while (served < object.claimedBytes && !outgoing.destroyed) if (!write(block)) return
        outgoing.end()
      }
      outgoing.on('drain', go)
      write(Buffer.from(object.first))
      go()
      return
    }
    const { method, url: path, headers } = incoming
    const upstream = request({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      pipeline(answer, outgoing, (error) => error && outgoing.destroy())
    })
    upstream.on('error', () => outgoing.destroy())
    incoming.pipe(upstream)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('the store has no port')
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    served: () => served,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
