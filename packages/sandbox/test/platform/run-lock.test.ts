import { execa } from 'execa'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { takeRunLock } from '../../src/platform/run-lock.ts'
import { createSandboxFolder } from '../supervisor/sandbox-folder.ts'

test('a folder that is in use is refused with the process that uses it, and free again afterwards', async () => {
  const folder = await createSandboxFolder()
  const lock = await takeRunLock(folder)
  await expect(takeRunLock(folder)).rejects.toThrow(`process ${process.pid} is using ${folder}; wait for it or stop it`)
  await lock.release()
  await (await takeRunLock(folder)).release()
  expect(await readdir(folder)).toEqual([])
})

test('of many runs at the same instant one gets the folder', async () => {
  const folder = await createSandboxFolder()
  const attempts = Array.from({ length: 3 }, () => takeInProcess(folder))
  const outcomes = await Promise.all(attempts.map((attempt) => attempt.outcome))
  expect(outcomes.toSorted()).toEqual(['refused', 'refused', 'taken'])
  await Promise.all(attempts.map((attempt) => attempt.end()))
})

/** Tries in a process of its own, which lives, with what it got, until it is told to end. */
function takeInProcess(folder: string): { outcome: Promise<string>; end(): Promise<void> } {
  const program = `
    import { takeRunLock } from ${JSON.stringify(new URL('../../src/platform/run-lock.ts', import.meta.url).href)}
    const taking = takeRunLock(${JSON.stringify(folder)})
    console.log(await taking.then(() => 'taken', (error) => (error.code === 'locked' ? 'refused' : error.message)))
    process.stdin.resume()`
  const subprocess = execa(
    process.execPath,
    ['--conditions=@coretelecoms/source', '--input-type=module', '--eval', program],
    { stdin: 'pipe' },
  )
  return {
    outcome: new Promise((resolve) => subprocess.stdout.once('data', (line) => resolve(String(line).trim()))),
    async end() {
      subprocess.stdin.end()
      await subprocess
    },
  }
}

test('a lock of a run that was killed is taken over, also when its process id belongs to another by now', async () => {
  const folder = await createSandboxFolder()
  const file = join(folder, 'run.lock')
  for (const left of [
    JSON.stringify({ pid: 4_194_304, identity: 'gone' }),
    JSON.stringify({ pid: process.pid, identity: 'another process with the same id' }),
    '12',
    '',
  ]) {
    await writeFile(file, left)
    const lock = await takeRunLock(folder)
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ pid: process.pid })
    await lock.release()
  }
})
