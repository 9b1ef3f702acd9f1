import { type LandResult, type ObjectStore, TransientError } from '@coretelecoms/core'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { ticketRows, tickets, today, ways } from './landing-run.ts'
import { type LocalStore, startLocalStore } from './local-store.ts'
import { readWhole } from './read-whole.ts'
import { watchStore, type WriteHooks } from './watched-store.ts'

const older = { rows: ticketRows(12, 1), version: 'older' }
const newer = { rows: ticketRows(20, 2), version: 'newer' }
const reason = new TransientError('stopped', 'stopped by a person')

let local: LocalStore
let store: ObjectStore
let scratch: string
let number = 0

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'cx-scratch-'))
  local = await startLocalStore()
  store = local.store
  vi.stubEnv('TMPDIR', scratch)
})
beforeEach(() => {
  number += 1
})
afterAll(async () => {
  await local.stop()
  await rm(scratch, { recursive: true, force: true })
})

describe.each(ways)('a landing by the way of $name', ({ name, land }) => {
  const own = (suffix = '') => ({ ...tickets, name: `tickets_${name.toLowerCase()}_${number}${suffix}` })
  const readVersion = async (suffix = '') => (await readWhole(store, own(suffix), today))?.source.version
  /** How many writes there are when nothing disturbs them. */
  const countWrites = async (): Promise<number> => {
    const watched = watchStore(store)
    await land(newer, { store: watched, dataset: own('_count') })
    return watched.written.length
  }

  describe.each([
    ['on an empty partition', undefined],
    ['over a publication', 'older'],
  ])('%s', (_, before) => {
    const prepare = async (suffix: string): Promise<void> => {
      if (before !== undefined) await land(older, { store, dataset: own(suffix) })
    }

    test('may die before any of its writes: readers see what was there, and the next run lands', async () => {
      const writes = await countWrites()
      for (let last = 1; last <= writes; last++) {
        const suffix = `_${last}`
        await prepare(suffix)
        const watched = watchStore(store, { before: (_put, write) => dieAt(last, write) })
        await expect(land(newer, { store: watched, dataset: own(suffix) })).rejects.toThrow('died')
        expect(await readVersion(suffix), `died before write ${last} of ${writes}`).toBe(before)
        expect((await land(newer, { store, dataset: own(suffix) })).status).toBe('published')
        expect(await readVersion(suffix)).toBe('newer')
      }
      // Parts, quarantine, manifest and publication; the way of CSV makes more than one part.
      expect(writes).toBeGreaterThanOrEqual(name === 'CSV' ? 5 : 4)
      expect(await readdir(scratch)).toEqual([])
    }, 120_000)

    test('may die after any of its writes: only the last one changes what readers see', async () => {
      const writes = await countWrites()
      for (let last = 1; last <= writes; last++) {
        const suffix = `_${last}`
        await prepare(suffix)
        const watched = watchStore(store, { after: (_put, write) => dieAt(last, write) })
        await expect(land(newer, { store: watched, dataset: own(suffix) })).rejects.toThrow('died')
        const isPublished = last === writes
        expect(await readVersion(suffix), `died after write ${last} of ${writes}`).toBe(isPublished ? 'newer' : before)
        const { status } = await land(newer, { store, dataset: own(suffix) })
        expect(status).toBe(isPublished ? 'unchanged' : 'published')
        expect(await readVersion(suffix)).toBe('newer')
      }
      expect(await readdir(scratch)).toEqual([])
    }, 120_000)

    test('may be stopped at any of its writes: what readers see is whole, and its folder is gone', async () => {
      const writes = await countWrites()
      const seen: (string | undefined)[] = []
      for (let last = 1; last <= writes; last++) {
        const suffix = `_${last}`
        await prepare(suffix)
        const stop = new AbortController()
        const hooks: WriteHooks = {
          before: (_put, write) => {
            if (write === last) stop.abort(reason)
          },
        }
        const run = { store: watchStore(store, hooks), dataset: own(suffix), signal: stop.signal }
        const outcome: unknown = await land(newer, run).then(
          ({ status }) => status,
          (error: unknown) => error,
        )
        const version = await readVersion(suffix)
        seen.push(version)
        expect(outcome).toBe(version === 'newer' ? 'published' : reason)
      }
      // When only the manifest and the publication are left, they are written: half of that helps nobody.
      expect(seen).toEqual([...Array.from({ length: writes - 2 }, () => before), 'newer', 'newer'])
      expect(await readdir(scratch)).toEqual([])
    }, 120_000)

    test('that meets another of the same partition: one wins, the other names it, and nothing is mixed', async () => {
      await prepare('')
      let waiting = 0
      const bothRead = Promise.withResolvers<undefined>()
      const meet: WriteHooks = {
        before: async (_put, write) => {
          if (write === 1 && ++waiting === 2) bothRead.resolve(undefined)
          await bothRead.promise
        },
      }
      const run = (runId: string, good: number): Promise<LandResult> =>
        land(
          { rows: ticketRows(good, 2), version: runId },
          { store: watchStore(store, meet), dataset: own(), runId, isForced: true },
        )
      const attempts = await Promise.allSettled([run('run-a', 40), run('run-b', 50)])
      const winners = attempts.filter((attempt) => attempt.status === 'fulfilled')
      const losers = attempts.filter((attempt) => attempt.status === 'rejected')
      expect([winners.length, losers.length]).toEqual([1, 1])
      const manifest = await readWhole(store, own(), today)
      expect(manifest).toEqual(winners[0]?.value.manifest)
      expect(losers[0]?.reason).toMatchObject({
        code: 'race_lost',
        exitCode: 1,
        message: expect.stringContaining(`run ${manifest?.run_id} published first`) as unknown,
      })
      expect(await readdir(scratch)).toEqual([])
    })
  })

  test('that is stopped while it reads publishes nothing and leaves nothing on the disk', async () => {
    const stop = new AbortController()
    const watched = watchStore(store)
    const onProgress = (): void => stop.abort(reason)
    const run = { store: watched, dataset: own(), signal: stop.signal, onProgress }
    await expect(land({ rows: ticketRows(5000), version: '1' }, run)).rejects.toBe(reason)
    expect(watched.written).toEqual([])
    expect(await readdir(scratch)).toEqual([])
  })

  test('that was stopped before it began does nothing', async () => {
    const watched = watchStore(store)
    const run = { store: watched, dataset: own(), signal: AbortSignal.abort(reason) }
    await expect(land(newer, run)).rejects.toBe(reason)
    expect(watched.written).toEqual([])
    expect(await readdir(scratch)).toEqual([])
  })

  test.each([
    ['is refused', { rows: ticketRows(1, 9), version: '1' }],
    ['has no rows', { rows: [], version: '1' }],
  ])('that %s leaves nothing on the disk', async (_, delivery) => {
    await expect(land(delivery, { store, dataset: own() })).rejects.toMatchObject({ exitCode: 2 })
    expect(await readdir(scratch)).toEqual([])
  })

  test('that fails lets no write begin or end after it has failed', async () => {
    const failure = new TransientError('aws', 'the first part is not taken')
    const watched = watchStore(store, {
      before: (_put, write) => {
        if (write === 1) throw failure
      },
    })
    await expect(land(newer, { store: watched, dataset: own() })).rejects.toBe(failure)
    const written = [...watched.written]
    await sleep(300)
    expect(watched.written).toEqual(written)
  })
})

// A process that is gone writes nothing any more, so every later write dies as well.
function dieAt(last: number, write: number): void {
  if (write >= last) throw new Error('died')
}
