import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { repositoryRoot } from '../../src/platform/repository.ts'

/** The third cell of each threat: a file in backquotes, and after it the names of its tests in quotes. */
async function readNamedTests(): Promise<{ threat: string; file: string; names: string[] }[]> {
  const page = await readFile(join(repositoryRoot, 'docs', 'threat-model.md'), 'utf8')
  const table = page.slice(page.indexOf('## What stops them'))
  const rows = table.split('\n').filter((line) => /^\| \d/.test(line))
  return rows.flatMap((row) => {
    const [threat = '', , shownBy = ''] = row.split(' | ').map((cell) => cell.trim())
    return [...shownBy.matchAll(/`([^`]*\/[^`]*)`((?: *,? *"[^"]+")*)/g)].map(([, file = '', list = '']) => ({
      threat,
      file,
      // Markdown wants an underscore escaped.
      names: [...list.matchAll(/"([^"]+)"/g)].map(([, name = '']) => name.replaceAll('\\_', '_')),
    }))
  })
}

const named = await readNamedTests()

test('the page names a test for each threat', async () => {
  const page = await readFile(join(repositoryRoot, 'docs', 'threat-model.md'), 'utf8')
  const table = page.slice(page.indexOf('## What stops them'))
  const threats = table.split('\n').filter((line) => /^\| \d/.test(line))
  expect(threats.length).toBeGreaterThan(15)
  for (const threat of threats) expect(threat).toMatch(/`[^`]+\.(?:test\.ts|py|sql|hcl)`/)
  expect(named.flatMap(({ names }) => names).length).toBeGreaterThan(30)
})

test.each(named)('$file has the tests that the page names', async ({ file, names }) => {
  const text = await readFile(join(repositoryRoot, file), 'utf8')
  // A file of SQL is one test and has no name of its own.
  expect(names.length > 0 || file.endsWith('.sql')).toBe(true)
  for (const name of names) {
    const written = name.replaceAll('\\', '\\\\')
    const isNamed = [`'${written}'`, `"${written}"`, `def ${name}(`, `run "${name}"`].some((form) =>
      text.includes(form),
    )
    expect([name, isNamed]).toEqual([name, true])
  }
})
