import { currentKey, type ObjectStore, readPublication, restorePublication, sha256Hex } from '@coretelecoms/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ticketRows, tickets, today, ways } from './landing-run.ts'
import { type LocalStore, startLocalStore } from './local-store.ts'
import { readWhole } from './read-whole.ts'

let local: LocalStore
let store: ObjectStore

beforeAll(async () => {
  local = await startLocalStore()
  store = local.store
})
afterAll(() => local.stop())

const [records] = ways
const land = (version: string, rows: number, dataset = tickets) =>
  records!.land({ rows: ticketRows(rows), version }, { store, dataset })
const restore = (loadId: string, dataset = tickets) =>
  restorePublication({
    store,
    partition: { dataset, date: today },
    loadId,
    runId: 'restoring',
    publishedAt: new Date(),
  })

test('an earlier load is the publication again, whole, and the later one can be put back', async () => {
  const good = await land('good', 10)
  const bad = await land('bad', 7)
  expect(await restore(good.manifest.load_id)).toEqual(good.manifest)
  expect(await readWhole(store, tickets, today)).toEqual(good.manifest)
  const publication = await readPublication(store, { dataset: tickets, date: today })
  expect(publication?.current).toMatchObject({ run_id: 'restoring', load_id: good.manifest.load_id })
  await restore(bad.manifest.load_id)
  expect(await readWhole(store, tickets, today)).toEqual(bad.manifest)
})

test('a delivery that is other than what was restored is published over it', async () => {
  const dataset = { ...tickets, name: 'tickets_later' }
  const good = await land('good', 10, dataset)
  await land('bad', 7, dataset)
  await restore(good.manifest.load_id, dataset)
  expect(await land('good', 10, dataset)).toMatchObject({ status: 'unchanged' })
  expect(await land('better', 11, dataset)).toMatchObject({ status: 'published' })
})

test('a publication that is broken is replaced by an earlier load', async () => {
  const dataset = { ...tickets, name: 'tickets_broken' }
  const { manifest } = await land('good', 10, dataset)
  const key = currentKey({ dataset, date: today })
  const broken = await store.head(key)
  const body = Buffer.from('{')
  await store.put({
    key,
    body,
    condition: { ifMatch: broken!.etag },
    sha256: sha256Hex(body),
    contentType: 'application/json',
  })
  await expect(readPublication(store, { dataset, date: today })).rejects.toThrow('not what this version')
  await restore(manifest.load_id, dataset)
  expect(await readWhole(store, dataset, today)).toEqual(manifest)
})

test('a load that there is not, or of another day, is refused and nothing changes', async () => {
  const dataset = { ...tickets, name: 'tickets_refused' }
  const { manifest } = await land('good', 10, dataset)
  const other = await records!.land({ rows: ticketRows(5), version: 'other' }, { store, dataset, date: '2025-11-21' })
  await expect(restore(other.manifest.load_id, dataset)).rejects.toMatchObject({ code: 'no_such_load', exitCode: 2 })
  expect(await readWhole(store, dataset, today)).toEqual(manifest)
})

test('a run that publishes meanwhile wins, and the restoring one says so', async () => {
  const dataset = { ...tickets, name: 'tickets_raced' }
  const good = await land('good', 10, dataset)
  await land('bad', 7, dataset)
  let winner: unknown
  const racing: ObjectStore = {
    ...store,
    async read(key, options) {
      const answer = await store.read(key, options)
      winner ??= (await land('meanwhile', 9, dataset)).manifest
      return answer
    },
  }
  const restoring = restorePublication({
    store: racing,
    partition: { dataset, date: today },
    loadId: good.manifest.load_id,
    runId: 'restoring',
    publishedAt: new Date(),
  })
  await expect(restoring).rejects.toMatchObject({ code: 'race_lost', exitCode: 1 })
  expect(await readWhole(store, dataset, today)).toEqual(winner)
})
