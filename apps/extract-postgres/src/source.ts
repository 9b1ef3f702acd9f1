import { type CsvDelivery, type DeliveryRequest, fillDate, matchHeader, type Source } from '@coretelecoms/core'
import { writeCsvDelivery } from '@coretelecoms/core/bulk'
import { setTimeout as sleep } from 'node:timers/promises'
import { createDatabaseClient, type DatabaseClient } from './client.ts'
import { type CopyStream, createCopyStream } from './copy-stream.ts'
import { databaseFailure, type FailedRead } from './database-failure.ts'
import type { DatabaseAccess } from './database-parameters.ts'
import { beginSnapshot, copySql, readContent } from './snapshot.ts'
import { findTable, type SourceTable } from './table.ts'

/** What the source is made with. */
export interface PostgresSourceOptions {
  readonly access: DatabaseAccess
  readonly statementTimeoutMs: number
}

// A server that was asked to cancel answers within this, or the connection is given up.
const drainTimeoutMs = 5000

/** The tables of a database, one a day, each read in one snapshot of its own. */
export function createPostgresSource(options: PostgresSourceOptions): Source<CsvDelivery> {
  const { access } = options

  async function withTable<Result>(
    request: DeliveryRequest,
    use: (client: DatabaseClient, table: SourceTable, read: FailedRead) => Promise<Result>,
  ): Promise<Result> {
    const { dataset, date, signal } = request
    if (dataset.source.kind !== 'postgres') throw new TypeError(`${dataset.name} does not lie in a database`)
    const table = fillDate(dataset.source.table, date)
    const read = { access, name: `${dataset.name} ${date}`, relation: `${access.schema}.${table}` }
    signal.throwIfAborted()
    const client = createDatabaseClient(access)
    // What is under way fails with the reason of the abort, so a cancel that fails changes nothing.
    const stop = (): void => void client.cancel().catch(() => undefined)
    signal.addEventListener('abort', stop, { once: true })
    try {
      await beginSnapshot(client, options.statementTimeoutMs)
      const result = await use(client, await findTable(client, table, read), read)
      await client.commit()
      return result
    } catch (error) {
      signal.throwIfAborted()
      throw databaseFailure(error, read)
    } finally {
      signal.removeEventListener('abort', stop)
      await client.close()
    }
  }

  return {
    withDelivery: (request, use) =>
      withTable(request, async (client, table, read) => {
        const content = await readContent(client, table)
        let stream: CopyStream | undefined
        try {
          return await use({
            kind: 'csv',
            identity: {
              uri: `postgresql://${access.host}/${access.database}/${read.relation}`,
              version: content.version,
              bytes: undefined,
            },
            sourceRows: content.rows,
            async open() {
              stream = createCopyStream(await client.copy(copySql(table)), (error) => databaseFailure(error, read))
              return stream.chunks
            },
          })
        } finally {
          if (stream) await stopCopy(client, stream)
        }
      }),
    check: (request) =>
      withTable(request, async (_client, { columns }, { name }) => {
        await Promise.resolve(matchHeader({ dataset: request.dataset, headers: columns, delivery: name }))
      }),
    write: writeCsvDelivery,
    close: () => Promise.resolve(),
  }
}

/** Frees the connection of a COPY that nobody reads any more: the server gives up, and its error is waited for. */
async function stopCopy(client: DatabaseClient, stream: CopyStream): Promise<void> {
  if (stream.isEnded || client.isCut) return
  // What made the reader leave is the failure to tell; closing the connection ends the COPY too, only later.
  await client.cancel().catch(() => undefined)
  await Promise.race([stream.drain(), sleep(drainTimeoutMs, undefined, { ref: false })])
}
