import { readFooter, readPart } from '@coretelecoms/core'
import { DuckDBInstance } from '@duckdb/node-api'
import { execa } from 'execa'
import { fileURLToPath } from 'node:url'
import * as z from 'zod'
import { repositoryRoot } from '../../src/platform/repository.ts'
import { ensurePythonEnvironment } from '../../src/python/environment.ts'

/** A Parquet file as one engine reads it. */
export interface ParquetContent {
  /** Name and type of each field, in the engine's own words. */
  readonly schema: readonly (readonly [string, string])[]
  /** Every value as text: whole numbers in decimal, dates as days and times as microseconds since 1970. */
  readonly rows: readonly (readonly (string | null)[])[]
}

const pythonContent = z.object({
  schema: z.array(z.tuple([z.string(), z.string(), z.literal(true)])),
  rows: z.array(z.array(z.string().nullable())),
})
const script = fileURLToPath(new URL('read_parquet.py', import.meta.url))

/** Reads a file with pyarrow, which both the emulator and many a reader of the raw zone use. */
export async function readWithPyarrow(file: string): Promise<ParquetContent> {
  const { python } = await ensurePythonEnvironment({ name: 'emulator', root: repositoryRoot })
  const { stdout } = await execa(python, [script, file], { stdin: 'ignore', maxBuffer: 100_000_000 })
  const { schema, rows } = pythonContent.parse(JSON.parse(stdout))
  return { schema: schema.map(([name, type]) => [name, type]), rows }
}

/** Reads a file with DuckDB. */
export async function readWithDuckDb(file: string): Promise<ParquetContent> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM '${file}'`)
    const schema = described.getRows().map(([name, type]) => [String(name), String(type)] as const)
    const texts = schema.map(([name, type]) => {
      if (type === 'DATE') return `("${name}" - DATE '1970-01-01')::VARCHAR`
      if (type.startsWith('TIMESTAMP')) return `epoch_us("${name}")::VARCHAR`
      // As bytes: the client drops a byte order mark at the start of a text.
      return `hex(encode("${name}"::VARCHAR))`
    })
    const { length } = schema
    const found = await connection.runAndReadAll(`SELECT ${texts.join(', ')} FROM '${file}'`)
    const isHex = schema.map(([, type]) => type !== 'DATE' && !type.startsWith('TIMESTAMP'))
    const rows = found.getRows().map((row) =>
      Array.from({ length }, (_, index) => {
        const value = row[index]
        if (value === null || value === undefined) return null
        return isHex[index] ? Buffer.from(String(value), 'hex').toString('utf8') : String(value)
      }),
    )
    return { schema, rows }
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

/** Reads a file with parquetjs-lite; its rows only where it can: not what is compressed with zstd. */
export async function readWithParquetjs(file: string, isReadable: boolean): Promise<ParquetContent> {
  const { fields } = await readFooter(file)
  const rows: (string | null)[][] = []
  if (isReadable) {
    await readPart(file, (row) => rows.push(row.map((value) => (value === null ? null : String(value)))))
  }
  return { schema: fields.map(({ name, type }) => [name, type]), rows }
}
