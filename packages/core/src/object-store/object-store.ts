/** What a store tells of an object. */
export interface ObjectInfo {
  readonly key: string
  readonly bytes: number
  readonly etag: string
}

/** An object being read. */
export interface ObjectStream {
  readonly info: ObjectInfo
  readonly body: AsyncIterable<Buffer>
}

/** Conditions of a write: create only, or replace only the version that was read. */
export type WriteCondition = { readonly ifNoneMatch: '*' } | { readonly ifMatch: string }

/** Conditions and hints of a read. */
export interface ReadOptions {
  /** Fails with `ObjectChangedError` when the object is another version by now. */
  readonly ifMatch?: string
  readonly signal?: AbortSignal
}

/** What is written. */
export interface PutOptions {
  readonly key: string
  readonly body: Uint8Array
  readonly condition: WriteCondition
  /** sha256 of the body, hex: the store verifies it. */
  readonly sha256: string
  readonly contentType: string
  readonly signal?: AbortSignal
}

/**
 * One bucket of an object store. Reads of what is not there return undefined; every other failure is a PlatformError:
 * `PermissionError` names the action, `TransientError` is worth another run.
 */
export interface ObjectStore {
  readonly bucket: string
  /** What the store knows of an object, or undefined when there is none. */
  head(key: string): Promise<ObjectInfo | undefined>
  /** Opens an object as a stream that resumes by range when the connection is cut. */
  open(key: string, options?: ReadOptions): Promise<ObjectStream | undefined>
  /** Reads a small object whole. */
  read(key: string, options?: ReadOptions): Promise<{ info: ObjectInfo; bytes: Buffer } | undefined>
  /** Writes an object under a condition; `PreconditionError` when another writer was first. Returns its ETag. */
  put(options: PutOptions): Promise<{ etag: string }>
  /** Names below a prefix, up to the next `/` when `delimiter` is set, in the order of their bytes. */
  list(prefix: string, options?: { delimiter?: '/' }): AsyncGenerator<string>
}
