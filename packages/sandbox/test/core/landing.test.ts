import { ContractError, currentKey, datasetPrefix, manifestKey, type ObjectStore, sha256Hex } from '@coretelecoms/core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { inTurn } from './fault-proxy.ts'
import { staticTickets, ticketRows, tickets, today, ways } from './landing-run.ts'
import { type LocalStore, startLocalStore } from './local-store.ts'
import { readWhole } from './read-whole.ts'
import { watchStore } from './watched-store.ts'

let local: LocalStore
let store: ObjectStore
let number = 0

beforeAll(async () => {
  local = await startLocalStore()
  store = local.store
})
beforeEach(() => {
  number += 1
  local.proxy.reset()
})
afterAll(() => local.stop())

describe.each(ways)('a delivery that lands by the way of $name', ({ name, land }) => {
  const dataset = { ...tickets, name: `tickets_${name.toLowerCase()}` }
  const daily = () => ({ ...dataset, name: `${dataset.name}_${number}` })
  const snapshot = () => ({ ...staticTickets, name: `${dataset.name}_${number}` })
  const puts = () => local.proxy.requests.filter(({ method }) => method === 'PUT')

  test('is stored part by part, then its quarantine, its manifest, and last what makes it visible', async () => {
    const seen: unknown[] = []
    const watched = watchStore(store, {
      after: async () => void seen.push((await readWhole(store, daily(), today))?.load_id),
    })
    const own = daily()
    const result = await land({ rows: ticketRows(100, 5), version: '1' }, { store: watched, dataset: own })
    const { manifest } = result
    const keys = (parts: readonly { key: string }[]): string[] => parts.map(({ key }) => key)
    const count = manifest.parts.length
    expect(watched.written.slice(0, count).sort()).toEqual(keys(manifest.parts))
    expect(watched.written.slice(count)).toEqual([
      ...keys(manifest.quarantine_parts),
      manifestKey({ dataset: own, date: today }, manifest.load_id),
      currentKey({ dataset: own, date: today }),
    ])
    expect(seen).toEqual([...watched.written.slice(1).map(() => undefined), manifest.load_id])
    expect(await readWhole(store, own, today)).toEqual(manifest)
    expect(manifest.counts).toEqual({ read: 105, landed: 100, quarantined: 5, warnings: {} })
    expect(count).toBeGreaterThan(name === 'CSV' ? 1 : 0)
    expect(manifest.overrides).toEqual([])
  })

  test('and has not changed writes nothing the second time', async () => {
    const own = daily()
    const first = await land({ rows: ticketRows(10), version: '1' }, { store, dataset: own })
    local.proxy.reset()
    const second = await land({ rows: ticketRows(10), version: '1' }, { store, dataset: own, runId: 'again' })
    expect(second).toEqual({ status: 'unchanged', manifest: first.manifest, date: today })
    expect(puts()).toEqual([])
  })

  test('and has another version, contract or day is published', async () => {
    const own = daily()
    const first = await land({ rows: ticketRows(10), version: '1' }, { store, dataset: own })
    const others = [
      await land({ rows: ticketRows(10), version: '2' }, { store, dataset: own }),
      await land({ rows: ticketRows(10), version: '2' }, { store, dataset: { ...own, version: 2 } }),
      await land({ rows: ticketRows(10), version: '2' }, { store, dataset: own, date: '2025-11-21' }),
    ]
    expect(others.map(({ status }) => status)).toEqual(['published', 'published', 'published'])
    expect(new Set([first, ...others].map(({ manifest }) => manifest.load_id)).size).toBe(4)
    expect((await readWhole(store, own, today))?.contract.version).toBe(`${own.name}@2`)
  })

  test('and is forced is published again, in objects of its own', async () => {
    const own = daily()
    const first = await land({ rows: ticketRows(10), version: '1' }, { store, dataset: own })
    const second = await land({ rows: ticketRows(10), version: '1' }, { store, dataset: own, isForced: true })
    expect(second.status).toBe('published')
    expect(second.manifest.fingerprint).toBe(first.manifest.fingerprint)
    expect((await readWhole(store, own, today))?.load_id).toBe(second.manifest.load_id)
    for (const { key, sha256 } of first.manifest.parts) {
      expect(sha256Hex((await store.read(key))?.bytes ?? Buffer.alloc(0))).toBe(sha256)
    }
  })

  test('of a static dataset stands on later days until it changes', async () => {
    const own = snapshot()
    const first = await land({ rows: ticketRows(10), version: '1' }, { store, dataset: own })
    local.proxy.reset()
    const later = await land({ rows: ticketRows(10), version: '1' }, { store, dataset: own, date: '2025-11-27' })
    expect(later).toEqual({ status: 'unchanged', manifest: first.manifest, date: today })
    expect(puts()).toEqual([])

    const changed = await land({ rows: ticketRows(11), version: '2' }, { store, dataset: own, date: '2025-11-28' })
    expect(changed.status).toBe('published')
    // A day between the two is answered by the publication before it, not by the later one.
    const between = await land({ rows: ticketRows(10), version: '1' }, { store, dataset: own, date: '2025-11-27' })
    expect(between).toMatchObject({ status: 'unchanged', date: today })
  })

  test('with too many bad rows is refused unless that is allowed, and then says so', async () => {
    const own = daily()
    const delivery = { rows: ticketRows(7, 3), version: '1' }
    await expect(land(delivery, { store, dataset: own })).rejects.toMatchObject({
      code: 'quarantined_ratio',
      exitCode: 2,
      message: expect.stringContaining('3 of 10 rows break the contract (cast:priority 3), more than 20 %') as unknown,
    })
    expect(puts()).toEqual([])
    const result = await land(delivery, { store, dataset: own, policy: { allowQuarantined: true } })
    expect((await readWhole(store, own, today))?.overrides).toEqual(['--allow-quarantined'])
    expect(result.manifest.counts).toMatchObject({ landed: 7, quarantined: 3 })
  })

  test('with no good row at all can be allowed', async () => {
    const own = daily()
    const delivery = { rows: ticketRows(0, 3), version: '1' }
    await land(delivery, { store, dataset: own, policy: { allowQuarantined: true } })
    const manifest = await readWhole(store, own, today)
    expect(manifest).toMatchObject({ parts: [], fingerprint: '0', counts: { read: 3, landed: 0, quarantined: 3 } })
  })

  test('with far fewer rows than the last one is refused unless that is allowed', async () => {
    const own = daily()
    await land({ rows: ticketRows(100), version: '1' }, { store, dataset: own })
    local.proxy.reset()
    const next = { store, dataset: own, date: '2025-11-21' }
    await expect(land({ rows: ticketRows(49), version: '2' }, next)).rejects.toMatchObject({
      code: 'volume_drop',
      exitCode: 2,
      message: expect.stringContaining('49 rows where the last publication had 100') as unknown,
    })
    expect(puts()).toEqual([])
    const { manifest } = await land(
      { rows: ticketRows(49), version: '2' },
      { ...next, policy: { allowVolumeDrop: true } },
    )
    expect(manifest.overrides).toEqual(['--allow-volume-drop'])
    // What was allowed is the measure of the next day.
    const after = await land({ rows: ticketRows(25), version: '3' }, { ...next, date: '2025-11-22' })
    expect(after.manifest.overrides).toEqual([])
  })

  test('of an older day is measured by the days before it', async () => {
    const own = daily()
    await land({ rows: ticketRows(100), version: '1' }, { store, dataset: own })
    const { status } = await land({ rows: ticketRows(10), version: '2' }, { store, dataset: own, date: '2025-11-19' })
    expect(status).toBe('published')
  })

  test('of no rows is refused unless that is allowed', async () => {
    const own = daily()
    const delivery = { rows: [], version: '1' }
    await expect(land(delivery, { store, dataset: own })).rejects.toMatchObject({ code: 'empty_delivery', exitCode: 2 })
    expect(puts()).toEqual([])
    await land(delivery, { store, dataset: own, policy: { allowEmpty: true } })
    expect(await readWhole(store, own, today)).toMatchObject({
      parts: [],
      quarantine_parts: [],
      fingerprint: '0',
      counts: { read: 0, landed: 0, quarantined: 0 },
      overrides: ['--allow-empty'],
    })
  })

  test('against two guards names both, and needs both to be allowed', async () => {
    const own = daily()
    await land({ rows: ticketRows(100), version: '1' }, { store, dataset: own })
    const delivery = { rows: ticketRows(5, 5), version: '2' }
    const onlyOne = land(delivery, { store, dataset: own, policy: { allowVolumeDrop: true } })
    await expect(onlyOne).rejects.toThrow(/5 of 10 rows break the contract/)
    await expect(land(delivery, { store, dataset: own })).rejects.toThrow(/5 of 10 rows .*; 10 rows where the last/)
    const policy = { allowVolumeDrop: true, allowQuarantined: true }
    const { manifest } = await land(delivery, { store, dataset: own, policy })
    expect(manifest.overrides).toEqual(['--allow-quarantined', '--allow-volume-drop'])
  })

  test('is published once where the answer to the last write is lost', async () => {
    const own = daily()
    const lost = inTurn('PUT', [{ kind: 'lose' }])
    local.proxy.decide((request) => (request.path.endsWith('/current.json') ? lost(request) : undefined))
    const { status, manifest } = await land({ rows: ticketRows(10), version: '1' }, { store, dataset: own })
    expect(status).toBe('published')
    expect(puts().filter(({ path }) => path.endsWith('/current.json'))).toHaveLength(2)
    expect(await readWhole(store, own, today)).toEqual(manifest)
  })
})

describe('a publication that is not whole', () => {
  const [way] = ways
  const spoil = async (key: string, bytes: Buffer): Promise<void> => {
    const { etag } = (await store.head(key)) ?? { etag: '' }
    await store.put({ key, body: bytes, condition: { ifMatch: etag }, sha256: sha256Hex(bytes), contentType: 'a/b' })
  }

  test.each([
    ['names a manifest that was changed', (_: string, manifest: string) => spoil(manifest, Buffer.from('{}'))],
    ['is not JSON', (current: string) => spoil(current, Buffer.from('{"manifest_key":'))],
    ['is of a version that is not known', (current: string) => spoil(current, Buffer.from('{"version":2}'))],
  ])('because it %s stops the next run, and is replaced by force', async (_, damage) => {
    const own = { ...tickets, name: `damaged_${number}` }
    const first = await way?.land({ rows: ticketRows(10), version: '1' }, { store, dataset: own })
    const partition = { dataset: own, date: today }
    await damage(currentKey(partition), manifestKey(partition, first?.manifest.load_id ?? ''))

    const next = { rows: ticketRows(10), version: '2' }
    await expect(way?.land(next, { store, dataset: own })).rejects.toThrow(ContractError)
    await expect(way?.land(next, { store, dataset: own, date: '2025-11-21' })).rejects.toThrow(ContractError)
    const forced = await way?.land(next, { store, dataset: own, isForced: true })
    expect(forced?.status).toBe('published')
    expect(await readWhole(store, own, today)).toEqual(forced?.manifest)
    const names = await Array.fromAsync(store.list(datasetPrefix(own)))
    expect(names.filter((key) => key.endsWith('manifest.json'))).toHaveLength(2)
  })
})
