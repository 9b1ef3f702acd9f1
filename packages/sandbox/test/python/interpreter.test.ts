import { chmod, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findPython, PythonMissingError } from '../../src/python/interpreter.ts'

test('this machine has a Python that can be used', async () => {
  expect(await findPython()).toMatch(/^python/)
})

test('a newer Python beside an old python3 is found', async () => {
  const old = await pretend('3.9')
  const newer = await pretend('3.12')
  expect(await findPython({ commands: [old, 'no-such-python', newer] })).toBe(newer)
})

test('a Python without venv is named with the way to get it', async () => {
  const python = await pretend('3.12 without venv')
  const failure = findPython({ commands: [python] })
  await expect(failure).rejects.toThrow(PythonMissingError)
  await expect(failure).rejects.toThrow(/no venv module .*3\.12 without venv.*apt install python3-venv/)
})

test('no Python at all is named with the way to get it', async () => {
  await expect(findPython({ commands: ['no-such-python'] })).rejects.toThrow(/no python3 was found.*brew install/)
})

test('an old Python is named with its version', async () => {
  const python = await pretend('3.10')
  await expect(findPython({ commands: [python] })).rejects.toThrow(/3\.11 to 3\.14 is needed.*is 3\.10/)
})

/** A program that answers as a Python of this version would. */
async function pretend(answer: string): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), 'python-')), 'python3')
  await writeFile(file, `#!/bin/sh\necho '${answer}'\n`)
  await chmod(file, 0o755)
  return file
}
