import { afterAll, beforeAll } from 'vitest'
import { type LocalStore, startLocalStore } from './local-store.ts'
import { describeObjectStore } from './object-store-contract.ts'

let local: LocalStore

beforeAll(async () => {
  local = await startLocalStore()
})
afterAll(() => local.stop())

describeObjectStore('S3', () => local.store)
