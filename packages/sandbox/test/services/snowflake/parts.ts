import { PutObjectCommand } from '@aws-sdk/client-s3'
import { createRecordWriter } from '@coretelecoms/core'
import { DuckDBInstance } from '@duckdb/node-api'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type AwsService } from '../../../src/services/aws/start.ts'
import { bucketNames } from '../../../src/services/aws/topology.ts'

/** Puts a file into the raw bucket. */
export async function putPart(aws: AwsService, key: string, file: string): Promise<void> {
  const { s3 } = aws.administrators.own.clients
  await s3.send(new PutObjectCommand({ Bucket: bucketNames.own, Key: key, Body: await readFile(file) }))
}

/** Writes the rows of a query as Parquet by DuckDB. */
export async function writeByDuckdb(options: {
  file: string
  query: string
  compression?: 'zstd' | 'snappy' | 'gzip' | 'uncompressed'
}): Promise<void> {
  const { file, query, compression = 'zstd' } = options
  const instance = await DuckDBInstance.create()
  const connection = await instance.connect()
  await connection.run("SET TimeZone = 'UTC'")
  await connection.run(`COPY (${query}) TO '${file}' (FORMAT parquet, COMPRESSION ${compression})`)
  connection.closeSync()
  instance.closeSync()
}

/** Writes one row of every type as Parquet by records, as a sheet or a quarantine part is written. */
export async function writeByRecords(folder: string): Promise<string> {
  const file = join(folder, 'records.parquet')
  const writer = await createRecordWriter(file, [
    { name: 'id', type: 'int32' },
    { name: 'source_index', type: 'int64' },
    { name: 'text', type: 'string' },
    { name: 'day', type: 'date' },
    { name: 'started_at', type: 'timestamp' },
    { name: '_loaded_at', type: 'instant' },
  ])
  await writer.append([7, 9_007_199_254_740_993n, 'é 漢 👩‍🚀', -1, 1_763_596_800_123_456n, 1_763_596_800_654_321n])
  await writer.append([null, null, null, null, null, null])
  await writer.close()
  return file
}
