import { GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3'
import { type Manifest, manifestSchema, type PartitionResult } from '@coretelecoms/core'
import { DuckDBInstance } from '@duckdb/node-api'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bucketNames } from '../../src/services/aws/topology.ts'

/** One row, every value as DuckDB prints it. */
export type PrintedRow = Readonly<Record<string, string | null>>

/** A publication as a reader of the raw zone finds it. */
export interface PublishedLoad {
  readonly manifest: Manifest
  /** Landed rows by `_source_row`. */
  readonly rows: readonly PrintedRow[]
  /** Rows set aside by `source_row`: reasons is a JSON list. */
  readonly quarantine: readonly PrintedRow[]
}

/** Reads what a run published, by an engine other than the one that is tested where that is parquetjs. */
export async function readLoad(s3: S3Client, result: PartitionResult): Promise<PublishedLoad> {
  const manifest = manifestSchema.parse(JSON.parse((await getObject(s3, String(result['manifest_key']))).toString()))
  return {
    manifest,
    rows: await readParts(s3, manifest.parts, '_source_row'),
    quarantine: await readParts(s3, manifest.quarantine_parts, 'source_row'),
  }
}

/** Keys of everything in the raw bucket. */
export async function listRawZone(s3: S3Client): Promise<string[]> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucketNames.own }))
  return Contents.map(({ Key }) => Key ?? '')
}

async function getObject(s3: S3Client, key: string): Promise<Buffer> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucketNames.own, Key: key }))
  if (!Body) throw new Error(`${key} is empty`)
  return Buffer.from(await Body.transformToByteArray())
}

async function readParts(s3: S3Client, parts: readonly { key: string }[], order: string): Promise<PrintedRow[]> {
  if (parts.length === 0) return []
  const folder = await mkdtemp(join(tmpdir(), 'cx-parts-'))
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    for (const [index, part] of parts.entries()) {
      await writeFile(join(folder, `${index}.parquet`), await getObject(s3, part.key))
    }
    const reader = await connection.runAndReadAll(
      `select columns(*)::varchar from read_parquet('${folder}/*.parquet') order by ${order}::bigint`,
    )
    return reader.getRowObjectsJson() as PrintedRow[]
  } finally {
    connection.closeSync()
    instance.closeSync()
    await rm(folder, { recursive: true })
  }
}
