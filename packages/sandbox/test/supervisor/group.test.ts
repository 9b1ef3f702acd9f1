import { execa } from 'execa'
import { once } from 'node:events'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createServiceGroup } from '../../src/supervisor/group.ts'
import { sandboxLayout } from '../../src/supervisor/layout.ts'
import { stopLeftovers } from '../../src/supervisor/leftover.ts'
import { readProcessIdentity } from '../../src/supervisor/process-identity.ts'
import { createSandboxFolder } from './sandbox-folder.ts'
import { startSmallServer } from './start-small-server.ts'

const program = fileURLToPath(new URL('two-servers.ts', import.meta.url))

/** Starts the program and waits until both its servers answer. */
async function runProgram(sandboxDirectory: string, ...more: string[]) {
  const run = execa(process.execPath, [program, sandboxDirectory, ...more], { reject: false })
  onTestFinished(async () => {
    run.kill('SIGTERM')
    await run
  })
  const [line] = (await once(createInterface(run.stdout), 'line')) as [string]
  return { run, pids: JSON.parse(line) as [number, number] }
}

function expectGone(pids: readonly number[]): Promise<void> {
  return expect(Promise.all(pids.map(readProcessIdentity))).resolves.toEqual(pids.map(() => undefined))
}

test('a group stops its services in the reverse order of their start, each once', async () => {
  const group = createServiceGroup()
  const stopped: string[] = []
  for (const name of ['first', 'second', 'third']) {
    await group.start(() => Promise.resolve({ name, stop: () => Promise.resolve(void stopped.push(name)) }))
  }
  await Promise.all([group.stop(), group.stop()])
  expect(stopped).toEqual(['third', 'second', 'first'])
  expect(group.signal.aborted).toBe(true)
  expect(process.listenerCount('SIGTERM')).toBe(0)
})

test('one service that cannot be stopped does not keep the others running', async () => {
  const group = createServiceGroup()
  const stopped: string[] = []
  await group.start(() => Promise.resolve({ name: 'good', stop: () => Promise.resolve(void stopped.push('good')) }))
  await group.start(() => Promise.resolve({ name: 'bad', stop: () => Promise.reject(new Error('stuck')) }))
  await expect(group.stop()).rejects.toThrow('some services could not be stopped')
  expect(stopped).toEqual(['good'])
})

test('a service whose start is under way when the group stops is stopped too', async () => {
  const group = createServiceGroup()
  const sandboxDirectory = await createSandboxFolder()
  const starting = group.start((signal) => startSmallServer({ sandboxDirectory, mode: 'silent', signal }))
  const { run: directory } = sandboxLayout(sandboxDirectory)
  await vi.waitFor(async () => {
    expect(await readdir(directory)).toEqual(['small.json'])
  })
  const outcome = starting.catch((error: unknown) => error)
  await group.stop()
  expect(await outcome).toMatchObject({ message: 'the sandbox is being stopped' })
  expect(await readdir(directory)).toEqual([])
  await expect(group.start(() => Promise.resolve({ name: 'late', stop: () => Promise.resolve() }))).rejects.toThrow()
})

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('%s stops every service and ends the program with %i', async (signal, exitCode) => {
  const { run, pids } = await runProgram(await createSandboxFolder())
  run.kill(signal)
  const result = await run
  expect(result.exitCode).toBe(exitCode)
  expect(result.stdout).toContain(`interrupted by ${signal}`)
  expect(result.stderr).toBe('')
  await expectGone(pids)
})

test('a failure that nobody caught stops every service and ends the program with 1', async () => {
  const { run, pids } = await runProgram(await createSandboxFolder(), 'crash')
  const result = await run
  expect(result.exitCode).toBe(1)
  expect(result.stderr).toContain('Error: a bug')
  await expectGone(pids)
})

test('services of a program that was killed are found, named and stopped by the next', async () => {
  const sandboxDirectory = await createSandboxFolder()
  const { run, pids } = await runProgram(sandboxDirectory)
  run.kill('SIGKILL')
  await run
  await expect(Promise.all(pids.map(readProcessIdentity))).resolves.toEqual([expect.any(String), expect.any(String)])

  const { run: directory } = sandboxLayout(sandboxDirectory)
  expect(await stopLeftovers(directory)).toEqual([
    { name: 'first', pid: pids[0] },
    { name: 'second', pid: pids[1] },
  ])
  await expectGone(pids)
  expect(await stopLeftovers(directory)).toEqual([])
})

test('services of a program that still runs are left alone', async () => {
  const sandboxDirectory = await createSandboxFolder()
  const { run, pids } = await runProgram(sandboxDirectory)
  const { run: directory } = sandboxLayout(sandboxDirectory)
  await expect(stopLeftovers(directory)).rejects.toThrow(`another run (process ${run.pid}) is using this sandbox`)
  await expect(Promise.all(pids.map(readProcessIdentity))).resolves.toEqual([expect.any(String), expect.any(String)])
})

test('a process that merely has the id of a recorded one is left alone', async () => {
  const sandboxDirectory = await createSandboxFolder()
  const { pids } = await runProgram(sandboxDirectory)
  const { run: directory } = sandboxLayout(sandboxDirectory)
  const file = join(directory, 'first.json')
  const record = JSON.parse(await readFile(file, 'utf8')) as { identity: string; ownerPid: number }
  await writeFile(file, JSON.stringify({ ...record, identity: `1${record.identity}` }))
  await writeFile(join(directory, 'second.json'), 'half a rec')
  expect(await stopLeftovers(directory)).toEqual([])
  await expect(readProcessIdentity(pids[0])).resolves.toEqual(expect.any(String))
})
