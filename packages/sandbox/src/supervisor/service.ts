import type { BindHost } from './port.ts'

/** A server that the sandbox started and can stop. */
export interface RunningService {
  /** Short name; its log and its record are called by it. */
  readonly name: string
  /** Undefined when it runs inside this very process. */
  readonly pid: number | undefined
  /** What can be reached where, for people to read: `{ s3: 'http://127.0.0.1:4566' }`. */
  readonly endpoints: Readonly<Record<string, string>>
  /** Ends it and waits until it is gone. May be called again. */
  stop(): Promise<void>
}

/** What every service is started with. */
export interface ServiceOptions {
  /** Folder of the sandbox: data, logs, keys and records of running services lie under it. */
  sandboxDirectory: string
  /** A port to insist on; default: a free one. */
  port?: number | undefined
  /** Where to listen. Default: the loopback interface only. */
  bind?: BindHost | undefined
  /** Gives up a start that is under way, and takes down what was started for it. */
  signal?: AbortSignal | undefined
}
