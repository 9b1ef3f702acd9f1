import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { choosePort, loopbackHost } from '../../src/supervisor/port.ts'

test('without a wish it is a free port, another one each time', async () => {
  const ports = await Promise.all([choosePort('a'), choosePort('b')])
  expect(new Set(ports).size).toBe(2)
})

test('a port that is asked for is refused while somebody holds it, and given afterwards', async () => {
  const port = await choosePort('a')
  const server = createServer().listen({ host: loopbackHost, port })
  await once(server, 'listening')
  await expect(choosePort('sheets', { port })).rejects.toThrow(
    `sheets cannot listen on 127.0.0.1:${port}: the port is taken; stop what holds it, or choose another`,
  )
  server.close()
  await once(server, 'close')
  expect(await choosePort('sheets', { port })).toBe(port)
})
