import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'

test('the example of the README gives what the README says', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
  const [example] = [...readme.matchAll(/^```ts\n([^]*?)^```$/gm)].map(([, code]) => code ?? '')
  const file = new URL('../.report/readme-example.ts', import.meta.url)
  await mkdir(new URL('.', file), { recursive: true })
  await writeFile(file, example ?? '')
  const { hash, ddl, cast } = (await import(file.href)) as Record<'hash' | 'ddl' | 'cast', unknown>
  expect(hash).toMatch(/^[0-9a-f]{64}$/)
  expect(ddl).toContain('CREATE TABLE IF NOT EXISTS RAW.REFUNDS')
  expect(ddl).toContain('paid_at')
  expect(cast).toBe(1250n)
})
