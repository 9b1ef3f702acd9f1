import type { DuckDBConnection, DuckDBInstance, DuckDBValue } from '@duckdb/node-api'
import { TransientError } from '../errors/transient-error.ts'

/** An in-memory DuckDB with connections that work side by side, one thread each. */
export interface Engine {
  readonly connections: readonly Connection[]
  close(): void
}

/** One connection: one query at a time. */
export interface Connection {
  /** Position among the engine's connections. */
  readonly index: number
  run(sql: string): Promise<void>
  rows(sql: string): Promise<DuckDBValue[][]>
  /** Rows of one column, in batches. */
  column(sql: string): AsyncGenerator<readonly DuckDBValue[]>
}

/** How an engine is opened. */
export interface EngineOptions {
  readonly connections: number
  /** Limit of DuckDB's own buffers, for example `160MB`. */
  readonly memoryLimit: string
  /** Where it spills what does not fit. */
  readonly spillDirectory: string
  /** Interrupts what is running and lets no query start any more. */
  readonly signal: AbortSignal
}

// DuckDB's jemalloc reads this when the library is loaded: one arena and a quick return of freed pages, 60 MiB less.
const allocatorSettings = 'narenas:1,dirty_decay_ms:100'

/** Opens an engine. The library is loaded here and not before, so that its allocator sees our settings. */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  process.env['DUCKDB_JE_MALLOC_CONF'] ??= allocatorSettings
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const instance = await DuckDBInstance.create(':memory:', {
    // A second thread a connection would spin; one keeps the rows of a file in order.
    threads: '1',
    preserve_insertion_order: 'true',
    memory_limit: options.memoryLimit,
    temp_directory: options.spillDirectory,
  })
  const opened: DuckDBConnection[] = []
  try {
    for (let index = 0; index < options.connections; index++) opened.push(await instance.connect())
  } catch (error) {
    closeAll(instance, opened)
    throw error
  }
  const { signal } = options
  const interrupt = (): void => {
    for (const connection of opened) connection.interrupt()
  }
  signal.addEventListener('abort', interrupt, { once: true })
  return {
    connections: opened.map((connection, index) => wrapConnection(connection, index, signal)),
    close() {
      signal.removeEventListener('abort', interrupt)
      closeAll(instance, opened)
    },
  }
}

function closeAll(instance: DuckDBInstance, connections: readonly DuckDBConnection[]): void {
  for (const connection of connections) connection.closeSync()
  instance.closeSync()
}

function wrapConnection(connection: DuckDBConnection, index: number, signal: AbortSignal): Connection {
  return {
    index,
    async run(sql) {
      signal.throwIfAborted()
      await connection.run(sql).catch(rethrow)
    },
    async rows(sql) {
      signal.throwIfAborted()
      const reader = await connection.runAndReadAll(sql).catch(rethrow)
      return reader.getRows()
    },
    async *column(sql) {
      signal.throwIfAborted()
      const result = await connection.stream(sql).catch(rethrow)
      for (;;) {
        const chunk = await result.fetchChunk().catch(rethrow)
        if (!chunk || chunk.rowCount === 0) return
        yield chunk.getColumnValues(0)
      }
    },
  }
}

/**
 * DuckDB puts values and whole lines of the delivery into its messages: personal data that must not reach a log. What
 * stands before the first line break is kept, without what it quotes, and of a failed conversion only its name; the
 * original error is not kept as a cause.
 */
function rethrow(error: unknown): never {
  const [summary = ''] = (error instanceof Error ? error.message : String(error)).split('\n')
  const kind = /^Conversion Error/.exec(summary)?.[0]
  throw new TransientError('engine', `DuckDB: ${kind ?? summary.replace(/'[^']*'|"[^"]*"/g, "'…'").slice(0, 200)}`)
}
