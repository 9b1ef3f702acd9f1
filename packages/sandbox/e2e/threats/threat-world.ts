import { PutObjectCommand } from '@aws-sdk/client-s3'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type postgres from 'postgres'
import { identityEnvironment, identityOf } from '../../src/platform/app-environment.ts'
import type { AppName } from '../../src/platform/run-app.ts'
import { bucketNames } from '../../src/services/aws/topology.ts'
import { createPostgresClient, schemaName } from '../../src/services/postgres/database.ts'
import type { Cell, Spreadsheet } from '../../src/services/sheets/spreadsheet.ts'
import { listRawZone } from '../extractors/raw-zone.ts'
import { type RunningServices, startRunningServices } from '../platform/running-services.ts'
import { type Ended, launch, type LaunchOptions } from './launch.ts'

/** Everything running, with the hands of somebody who may write the sources. */
export interface ThreatWorld extends RunningServices {
  readonly sql: postgres.Sql
  /** Runs an app under its own role; `environment` is laid over its settings. */
  launch(app: AppName, words: readonly string[], change?: Partial<LaunchOptions>): Promise<Ended>
  /** The same for a run that a test begins with: throws when it does not end with 0. */
  launchWell(app: AppName, words: readonly string[]): Promise<Ended>
  /** Puts an object into the source bucket. */
  deliver(key: string, body: string | Buffer, contentEncoding?: string): Promise<void>
  /** Makes the web forms' table of a day: texts under these columns. */
  deliverTable(date: string, columns: readonly string[], rows: readonly (readonly (string | null)[])[]): Promise<void>
  /** Replaces the rows of the agents' tab, its header included, or more of the spreadsheet. */
  deliverSheet(rows: Cell[][], change?: Partial<Spreadsheet>): Promise<void>
  /** Keys of everything in the raw zone. */
  keys(): Promise<string[]>
}

/** The day that the sources hold an ordinary delivery for. */
export const ordinaryDay = '2025-11-20'

/** Starts a world of one ordinary day. */
export async function startThreatWorld(): Promise<ThreatWorld> {
  const running = await startRunningServices(ordinaryDay)
  const { aws, postgres: database, sheets } = running.services
  const sql = createPostgresClient(database.owner)
  const environments = new Map<string, Record<string, string>>()
  const ordinarySheet = JSON.parse(await readFile(sheets.dataFile, 'utf8')) as Spreadsheet
  const launchApp: ThreatWorld['launch'] = async (app, words, change = {}) => {
    const identity = identityOf(app, words[0])
    const own = environments.get(identity) ?? (await identityEnvironment(identity, running.services))
    environments.set(identity, own)
    return launch({ app, words, ...change, environment: { ...own, ...change.environment } })
  }
  return {
    ...running,
    sql,
    launch: launchApp,
    async launchWell(app, words) {
      const ended = await launchApp(app, words)
      if (ended.exitCode !== 0) throw new Error(`${app} ${words.join(' ')} ended with ${ended.exitCode}: ${ended.text}`)
      return ended
    },
    async deliver(key, body, contentEncoding) {
      await aws.administrators.source.clients.s3.send(
        new PutObjectCommand({
          Bucket: bucketNames.source,
          Key: key,
          Body: Buffer.from(body),
          ...(contentEncoding === undefined ? {} : { ContentEncoding: contentEncoding }),
        }),
      )
    },
    async deliverTable(date, columns, rows) {
      const table = `${schemaName}.web_form_request_${date.replaceAll('-', '_')}`
      const list = columns.map((column) => `"${column.replaceAll('"', '""')}" text`).join(', ')
      await sql.unsafe(`drop table if exists ${table}; create table ${table} (${list})`)
      const values = columns.map((_, index) => `$${index + 1}`).join(', ')
      for (const row of rows) await sql.unsafe(`insert into ${table} values (${values})`, [...row])
    },
    async deliverSheet(rows, change = {}) {
      const tabs = [{ title: 'agents', rows }]
      await writeFile(sheets.dataFile, JSON.stringify({ ...ordinarySheet, tabs, ...change }))
    },
    keys: () => listRawZone(aws.administrators.own.clients.s3),
    async stop() {
      await sql.end({ timeout: 5 })
      await running.stop()
    },
  }
}

/** The folder that services write their logs into. */
export function logFolder(world: ThreatWorld): string {
  return join(world.folder, 'logs')
}
