import type { ObjectStore, PutOptions } from '@coretelecoms/core'

/** A store whose writes are seen, and held up or failed, one by one. */
export interface WatchedStore extends ObjectStore {
  /** Keys that were written, in the order in which the writes ended. */
  readonly written: readonly string[]
}

/** What is done around a write; `number` counts from 1 in the order in which the writes began. */
export interface WriteHooks {
  before?(put: PutOptions, number: number): Promise<void> | void
  after?(put: PutOptions, number: number): Promise<void> | void
}

/** Watches the writes of a store. */
export function watchStore(store: ObjectStore, hooks: WriteHooks = {}): WatchedStore {
  const written: string[] = []
  let begun = 0
  return {
    bucket: store.bucket,
    written,
    head: (key) => store.head(key),
    open: (key, options) => store.open(key, options),
    read: (key, options) => store.read(key, options),
    list: (prefix, options) => store.list(prefix, options),
    async put(options) {
      const number = ++begun
      await hooks.before?.(options, number)
      const result = await store.put(options)
      written.push(options.key)
      await hooks.after?.(options, number)
      return result
    },
  }
}
