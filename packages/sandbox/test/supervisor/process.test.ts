import { readdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { sandboxLayout } from '../../src/supervisor/layout.ts'
import { choosePort } from '../../src/supervisor/port.ts'
import { startProcess } from '../../src/supervisor/process.ts'
import { readProcessIdentity } from '../../src/supervisor/process-identity.ts'
import { createSandboxFolder } from './sandbox-folder.ts'
import { startSmallServer } from './start-small-server.ts'

test('a started process answers, and is gone with its record once it is stopped', async () => {
  const sandboxDirectory = await createSandboxFolder()
  const server = await startSmallServer({ sandboxDirectory })
  expect(await (await fetch(server.url)).text()).toBe('fine')
  expect(await readdir(sandboxLayout(sandboxDirectory).run)).toEqual(['small.json'])

  await server.stop()
  await server.stop()

  expect(await readProcessIdentity(server.pid)).toBeUndefined()
  expect(await readdir(sandboxLayout(sandboxDirectory).run)).toEqual([])
})

test('an early end is an error that names the exit code, the log and its last lines', async () => {
  const sandboxDirectory = await createSandboxFolder()
  const started = startSmallServer({ sandboxDirectory, mode: 'fail' })
  await expect(started).rejects.toThrow(
    /small did not start: it ended with exit code 7 .*start again.*small\.log ends with\nthe disk is on fire/,
  )
})

test('a process that never answers is stopped and reported when its time is up', async () => {
  const sandboxDirectory = await createSandboxFolder()
  const started = startSmallServer({ sandboxDirectory, mode: 'silent', healthTimeoutMs: 400 })
  await expect(started).rejects.toThrow(/did not answer within 0\.4 s/)
  expect(await readdir(sandboxLayout(sandboxDirectory).run)).toEqual([])
})

test('a start is given up when its signal is aborted, and nothing is left', async () => {
  const sandboxDirectory = await createSandboxFolder()
  const signal = AbortSignal.timeout(300)
  await expect(startSmallServer({ sandboxDirectory, mode: 'silent', signal })).rejects.toThrow(/timeout/)
  expect(await readdir(sandboxLayout(sandboxDirectory).run)).toEqual([])
})

test('a command that does not exist is named', async () => {
  const sandboxDirectory = await createSandboxFolder()
  const layout = sandboxLayout(sandboxDirectory)
  const started = startProcess({
    name: 'nothing',
    command: '/there/is/no/such/program',
    args: [],
    env: {},
    logFile: layout.log('nothing'),
    runDirectory: layout.run,
    health: () => Promise.resolve(),
  })
  await expect(started).rejects.toThrow(/nothing cannot be run: .*no\/such\/program ENOENT/)
})

test('a process inherits no environment', async () => {
  process.env['CX_TEST_SECRET'] = 'not to be passed on'
  onTestFinished(() => {
    delete process.env['CX_TEST_SECRET']
  })
  const server = await startSmallServer({ sandboxDirectory: await createSandboxFolder() })
  onTestFinished(() => server.stop())
  if (process.platform !== 'linux') return
  expect(await readFile(`/proc/${server.pid}/environ`, 'utf8')).toMatch(/^PORT=\d+\0$/)
})

test('a port that is asked for and taken is named', async () => {
  const holder = createServer().listen(0, '127.0.0.1')
  await once(holder, 'listening')
  onTestFinished(() => void holder.close())
  const address = holder.address()
  const port = typeof address === 'object' && address ? address.port : 0
  await expect(choosePort('aws', { port })).rejects.toThrow(`aws cannot listen on 127.0.0.1:${port}: the port is taken`)
})
