import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureKeyPair } from '../../../src/services/snowflake/key-pair.ts'
import { openSession } from './client.ts'
import { type LocalSnowflake, startLocalSnowflake } from './local-snowflake.ts'

let folder: string
let local: LocalSnowflake
let url: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cx-snowflake-'))
  local = await startLocalSnowflake(folder)
  url = local.service.url
})
afterAll(async () => {
  await local.service.stop()
  await rm(folder, { recursive: true, force: true })
})

test('a user logs in with either of two registered keys', async () => {
  for (const keys of [local.loader, local.nextLoader]) {
    const session = await openSession({ url, user: 'CX_LOADER', keys })
    expect(await session.run('SELECT CURRENT_USER() AS U, CURRENT_ROLE() AS R, CURRENT_WAREHOUSE() AS W')).toEqual([
      { U: 'CX_LOADER', R: 'CX_LOADER', W: 'CX_WH' },
    ])
    await session.close()
  }
})

test('a key that is not registered is refused', async () => {
  const keys = await ensureKeyPair({ user: 'STRANGER', directory: join(folder, 'other') })
  await expect(openSession({ url, user: 'CX_LOADER', keys })).rejects.toMatchObject({ code: '390144' })
})

test("another user's key is refused", async () => {
  await expect(openSession({ url, user: 'CX_LOADER', keys: local.transformer })).rejects.toMatchObject({
    code: '390144',
  })
})

test('a password is refused', async () => {
  const more = { authenticator: 'SNOWFLAKE', password: 'guess' }
  await expect(openSession({ url, user: 'CX_LOADER', keys: local.loader, more })).rejects.toMatchObject({
    code: '390144',
  })
})

test("a role that is not the user's is refused at login and by USE ROLE", async () => {
  const more = { role: 'ACCOUNTADMIN' }
  await expect(openSession({ url, user: 'CX_LOADER', keys: local.loader, more })).rejects.toMatchObject({
    code: '390189',
  })
  const session = await openSession({ url, user: 'CX_LOADER', keys: local.loader })
  await expect(session.run('USE ROLE ACCOUNTADMIN')).rejects.toThrow(/not granted/)
  await session.close()
})

test('a private key is readable by its owner only, and stays the same', async () => {
  const { mode } = await stat(local.loader.privateKeyFile)
  expect(mode & 0o777).toBe(0o600)
  const before = await readFile(local.loader.privateKeyFile, 'utf8')
  expect(before).toMatch(/^-----BEGIN PRIVATE KEY-----/)
  await ensureKeyPair({ user: 'CX_LOADER', directory: join(folder, 'secrets') })
  expect(await readFile(local.loader.privateKeyFile, 'utf8')).toBe(before)
})

test('the log holds neither values nor tokens', async () => {
  const session = await openSession({ url, user: 'CX_LOADER', keys: local.loader })
  await session.run("SELECT 'a-secret-value' AS V, ? AS W", ['a-bound-secret'])
  await session.close()
  const log = await readFile(join(folder, 'logs', 'snowflake.log'), 'utf8')
  expect(log).toContain("SELECT '…' AS V")
  expect(log).not.toMatch(/a-secret-value|a-bound-secret|eyJ/)
})
