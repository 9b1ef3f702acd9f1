import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { TransientError } from '../../src/errors/transient-error.ts'
import { readCsvSql } from '../../src/parquet/duckdb-csv-sql.ts'
import { openEngine } from '../../src/parquet/duckdb-engine.ts'

const options = { connections: 1, memoryLimit: '200MB', spillDirectory: tmpdir() }

test('an error of the engine names what failed and none of the values it failed on', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'engine-'))
  const engine = await openEngine({ ...options, signal: new AbortController().signal })
  try {
    await writeFile(join(folder, 'a.csv'), 'secret,"quo"ted\n')
    const table = readCsvSql({ file: join(folder, 'a.csv'), width: 2, usesCrlf: false })
    const error: unknown = await engine.connections[0]?.rows(`FROM ${table}`).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(TransientError)
    const { message, cause } = error as TransientError
    expect(message).toMatch(/^DuckDB: Invalid Input Error: CSV Error/)
    expect(message).not.toContain('secret')
    expect(cause).toBeUndefined()
  } finally {
    engine.close()
    await rm(folder, { recursive: true })
  }
})

test('an abort interrupts the query under way and lets no other start', async () => {
  const abort = new AbortController()
  const engine = await openEngine({ ...options, signal: abort.signal })
  try {
    const long = engine.connections[0]?.run('SELECT sum(a.range * b.range) FROM range(1000000) a, range(1000000) b')
    setTimeout(() => abort.abort(new Error('stop')), 100)
    await expect(long).rejects.toThrow('DuckDB: INTERRUPT Error')
    await expect(engine.connections[0]?.run('SELECT 1')).rejects.toThrow('stop')
  } finally {
    engine.close()
  }
})
