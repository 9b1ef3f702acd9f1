import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type StartedRun, startRun } from '../platform/start-run.ts'
import { queryWarehouse } from '../platform/warehouse-file.ts'
import { acting } from './acting.ts'

const samples = fileURLToPath(new URL('../source-samples', import.meta.url))
const categories = [
  '<script>alert(1)</script>',
  '=HYPERLINK("http://example.com","open")',
  'mark\u001b[31mred\u001b]0;owned\u0007',
  'mark\u202eevil',
  '{{ env_var("HOME") }}',
]
const header = 'mark\u001b[31mred\u202e\u009b'

let folder: string
let run: StartedRun

// The real samples, with hostile categories in the calls and a hostile column among the web forms.
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cx-threat-start-'))
  const sources = join(folder, 'sources')
  await cp(samples, sources, { recursive: true })
  const calls = join(sources, 'call_logs_day_2025-11-20.csv')
  const [first = '', ...rows] = (await readFile(calls, 'utf8')).trimEnd().split('\n')
  const changed = rows.map((row, index) => {
    const category = categories[index]
    return category === undefined
      ? row
      : row
          .split(',')
          .with(3, `"${category.replaceAll('"', '""')}"`)
          .join(',')
  })
  await writeFile(calls, [first, ...changed, ''].join('\n'))
  const forms = join(sources, 'web_form_request_2025_11_20.csv')
  const [formHeader = '', ...formRows] = (await readFile(forms, 'utf8')).trimEnd().split('\n')
  await writeFile(
    forms,
    [`${formHeader.trimEnd()},${header}`, ...formRows.map((row) => `${row.trimEnd()},x`), ''].join('\n'),
  )
  run = await startRun(join(folder, 'sandbox'), ['--sources', sources])
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('npm start tells a hostile header without its control characters, and no value at all', () => {
  expect(run.exitCode).toBe(2)
  expect(run.stderr).toContain('mark\\u001b[31mred\\u202e\\u009b')
  expect(run.stdout).toMatch(/call_logs +2025-11-20 .*balanced/)
  for (const text of [run.stdout, run.stderr]) {
    expect(text).not.toMatch(acting)
    for (const category of categories) expect(text).not.toContain(category)
  }
})

test('a hostile value goes through every model as it was typed', async () => {
  const rows = await queryWarehouse(
    join(folder, 'sandbox'),
    `SELECT DISTINCT complaint_category AS category FROM marts.fct_complaint WHERE source_channel = 'call'`,
  )
  const found = rows.map((row) => row['category'])
  for (const category of categories) expect(found).toContain(category)
})

test('no log of a run holds a hostile value or a control character', async () => {
  const logs = join(folder, 'sandbox', 'logs')
  const files = (await readdir(logs)).filter((name) => /^(extract|loader)-.*\.log$/.test(name))
  expect(files.length).toBeGreaterThan(3)
  for (const file of files) {
    const text = await readFile(join(logs, file), 'utf8')
    expect(text).not.toMatch(acting)
    for (const category of categories) expect(text).not.toContain(JSON.stringify(category).slice(1, -1))
  }
})
