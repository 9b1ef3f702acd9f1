import { connect, createServer, type AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

/** A way to a server that lets its answers through slowly. */
export interface SlowProxy {
  readonly url: string
  /** Bytes of answers that went through so far. */
  passed(): number
  close(): Promise<void>
}

/** Stands before a local server and lets `bytesASecond` of its answers through. */
export async function startSlowProxy(target: { port: number; bytesASecond: number }): Promise<SlowProxy> {
  const tickMs = 50
  let passed = 0
  const server = createServer((client) => {
    const upstream = connect(target.port, '127.0.0.1')
    client.pipe(upstream)
    // Either side may break off at any time, which is what this is for.
    client.on('error', () => upstream.destroy()).on('close', () => upstream.destroy())
    upstream.on('error', () => client.destroy())
    const answer = async (): Promise<void> => {
      for await (const chunk of upstream as AsyncIterable<Buffer>) {
        const step = Math.ceil((target.bytesASecond * tickMs) / 1000)
        for (let from = 0; from < chunk.length && !client.destroyed; from += step) {
          const part = chunk.subarray(from, from + step)
          client.write(part)
          passed += part.length
          await wait(tickMs)
        }
      }
      client.end()
    }
    answer().catch(() => client.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    passed: () => passed,
    close: () =>
      new Promise((resolve, reject) => server.close((error) => (error === undefined ? resolve() : reject(error)))),
  }
}
