import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunProcess, spawnRun, startRun } from './start-run.ts'

const world = ['--scale', '0.0005', '--days', '1']

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cx-e2e-'))
  await mkdir(join(folder, 'empty'))
  await writeFile(join(folder, 'file'), '')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Command lines of the processes that have to do with a sandbox folder. */
async function processesOf(sandbox: string): Promise<string[]> {
  const lines: string[] = []
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue
    // A process may end between the two calls.
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    if (line.includes(sandbox)) lines.push(line.replaceAll('\0', ' '))
  }
  return lines
}

describe('what cannot be run', () => {
  test.each([
    [['--bogus'], /unknown option '--bogus'; npm start -- --help lists the flags/],
    [['--days', '0'], /--days 0: give a whole number from 1 to 365/],
    [['--scale', 'big'], /--scale big: give a number/],
    [['--date', '2025-02-30'], /--date "2025-02-30" is neither a day/],
    [['--ports', 'web=80'], /--ports web=80: the services are aws, postgres, sheets, snowflake/],
    [['extra'], /too many arguments/],
  ])('%s is exit 2 and says why', async (flags, message) => {
    const sandbox = join(folder, 'never')
    const run = await startRun(sandbox, flags)
    expect(run.stderr).toMatch(message)
    expect(run.exitCode).toBe(2)
    expect(await processesOf(sandbox)).toEqual([])
  })

  test('an empty folder, a file and a folder that is not there are exit 2 and name what was looked for', async () => {
    const sandbox = join(folder, 'sources')
    const empty = await startRun(sandbox, ['--sources', join(folder, 'empty')])
    expect([empty.exitCode, empty.stderr]).toEqual([
      2,
      expect.stringMatching(/looked at any depth for customers_dataset\.csv/),
    ])
    const file = await startRun(sandbox, ['--sources', join(folder, 'file')])
    expect([file.exitCode, file.stderr]).toEqual([2, expect.stringMatching(/is a file; give the folder it is in/)])
    const missing = await startRun(sandbox, ['--sources', join(folder, 'nowhere')])
    expect([missing.exitCode, missing.stderr]).toEqual([2, expect.stringMatching(/cannot be opened/)])
  })

  test('a port that is taken is named, and everything that was started is stopped', async () => {
    const server: Server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : undefined
    const sandbox = join(folder, 'port')
    const run = await startRun(sandbox, [...world, '--ports', `aws=${port}`])
    await new Promise((resolve) => server.close(resolve))
    expect(run.exitCode).not.toBe(0)
    expect(run.stderr).toContain(`127.0.0.1:${port}`)
    expect(run.stderr).toContain('the port is taken')
    expect(await processesOf(sandbox)).toEqual([])
  })

  test('--help is exit 0 and lists every flag', async () => {
    const run = await startRun(join(folder, 'never'), ['--help'])
    expect(run.exitCode).toBe(0)
    for (const flag of [
      '--sources',
      '--days',
      '--scale',
      '--seed',
      '--date',
      '--keep',
      '--fresh',
      '--allow-quarantined',
    ]) {
      expect(run.stdout).toContain(flag)
    }
  })
})

describe('a run that is stopped', () => {
  test('by Ctrl-C or a kill leaves nothing that the next run trips over, and --keep stays up until it is stopped', async () => {
    const sandbox = join(folder, 'stopped')
    const interrupted = await startAndWait(sandbox)
    const second = await startRun(sandbox, world)
    expect([second.exitCode, second.stderr]).toEqual([2, expect.stringMatching(/is using .*; wait for it or stop it/)])
    interrupted.kill('SIGINT')
    expect((await interrupted.ended).exitCode).not.toBe(0)
    expect(await processesOf(sandbox)).toEqual([])

    const killed = await startAndWait(sandbox)
    killed.kill('SIGKILL')
    await killed.ended
    expect((await processesOf(sandbox)).length).toBeGreaterThan(0)

    const kept = spawnRun(sandbox, [...world, '--keep'])
    let printed = ''
    for await (const chunk of kept.stdout) {
      printed += String(chunk)
      if (printed.includes('export CX_PSEUDONYM_KEY_PARAMETER=')) break
    }
    expect(printed).toContain('every line balances')
    expect(printed).toMatch(/^aws +http:\/\/127\.0\.0\.1:\d+$/m)
    expect(printed).toMatch(/^# extract-s3: node --env-file=/m)
    const settings = await readFile(join(sandbox, 'env', 'extract-sheets.env'), 'utf8')
    expect(settings).toContain('CX_SHEETS_ENDPOINT=http://127.0.0.1:')
    kept.kill('SIGINT')
    expect((await kept.ended).stderr).toMatch(/stopped \w+ \(process \d+\), left behind/)
    expect(await processesOf(sandbox)).toEqual([])
  })

  /** A run whose services are up, or coming up. */
  async function startAndWait(sandbox: string): Promise<RunProcess> {
    const running = spawnRun(sandbox, world)
    while ((await processesOf(sandbox)).length < 3) await sleep(50)
    return running
  }
})
