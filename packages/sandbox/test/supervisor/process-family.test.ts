import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { sandboxLayout } from '../../src/supervisor/layout.ts'
import { choosePort } from '../../src/supervisor/port.ts'
import { findFamily } from '../../src/supervisor/process-family.ts'
import { type RunningProcess, startProcess } from '../../src/supervisor/process.ts'
import { readProcessIdentity } from '../../src/supervisor/process-identity.ts'
import { createSandboxFolder } from './sandbox-folder.ts'

const script = fileURLToPath(new URL('family-server.mjs', import.meta.url))

async function startFamily(): Promise<{ server: RunningProcess; children: number[]; file: string }> {
  const sandboxDirectory = await createSandboxFolder()
  const layout = sandboxLayout(sandboxDirectory)
  const port = await choosePort('family')
  const file = join(sandboxDirectory, 'asked')
  const server = await startProcess({
    name: 'family',
    command: process.execPath,
    args: [script],
    env: { PORT: String(port), FILE: file },
    logFile: layout.log('family'),
    runDirectory: layout.run,
    health: async () => {
      await fetch(`http://127.0.0.1:${port}`)
    },
  })
  const children = z.array(z.int()).parse(await (await fetch(`http://127.0.0.1:${port}`)).json())
  return { server, children, file }
}

test('a stop takes what came from the process, in its group and out of it, and asks a session of its own first', async () => {
  const { server, children, file } = await startFamily()
  const family = await findFamily(server.pid, { isAlive: true })
  expect(family.map(({ pid }) => pid).sort()).toEqual([...children].sort())

  await server.stop()

  expect(await readFile(file, 'utf8')).toBe('asked')
  expect(await Promise.all(children.map(readProcessIdentity))).toEqual([undefined, undefined])
})

test('the children of a process that was killed are found by its group', async () => {
  const { server, children } = await startFamily()
  process.kill(server.pid, 'SIGKILL')
  await server.ended
  const [inGroup, inSession = 0] = children
  expect((await findFamily(server.pid, { isAlive: false })).map(({ pid }) => pid)).toEqual([inGroup])

  await server.stop()

  expect(await readProcessIdentity(inGroup ?? 0)).toBeUndefined()
  process.kill(inSession, 'SIGKILL')
})
