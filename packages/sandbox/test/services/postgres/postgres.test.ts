import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type postgres from 'postgres'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { createPostgresClient, type DatabaseAccess } from '../../../src/services/postgres/database.ts'
import { databaseParameters } from '../../../src/services/postgres/parameters.ts'
import { type PostgresService, startPostgres } from '../../../src/services/postgres/start.ts'
import { readProcessIdentity } from '../../../src/supervisor/process-identity.ts'

let folder: string
let service: PostgresService

beforeAll(async () => {
  // A folder that only its owner may enter, as mktemp makes them: the server must come up in there as root too.
  folder = await mkdtemp(join(tmpdir(), 'cx-postgres-'))
  service = await startPostgres({ sandboxDirectory: folder })
})
afterAll(async () => {
  await service.stop()
  await rm(folder, { recursive: true, force: true })
})

function connect(access: DatabaseAccess): postgres.Sql {
  const sql = createPostgresClient(access)
  onTestFinished(() => sql.end())
  return sql
}

test('the reader reads what the owner puts into the schema, tables of later days included', async () => {
  const owner = connect(service.owner)
  await owner`create table customer_complaints.web_form_request_2025_11_20 ("customeR iD" text)`
  await owner`insert into customer_complaints.web_form_request_2025_11_20 values ('Zoë 🙂'), (''), (null)`
  onTestFinished(async () => {
    await owner`drop table customer_complaints.web_form_request_2025_11_20`
  })
  const reader = connect(service.reader)
  const rows = await reader`select * from customer_complaints.web_form_request_2025_11_20`
  expect(rows.map((row) => row['customeR iD'] as unknown)).toEqual(['Zoë 🙂', '', null])
})

test.each([
  ['write', 'insert into customer_complaints.form values (1)'],
  ['make a table', 'create table customer_complaints.other (id int)'],
  ['make a table elsewhere', 'create table public.other (id int)'],
  ['make a temporary table', 'create temp table other (id int)'],
  ['remove one', 'drop table customer_complaints.form'],
  ['read a password', 'select * from pg_authid'],
  ['read a file', "select pg_read_file('/etc/passwd')"],
])('the reader may not %s', async (_, statement) => {
  const owner = connect(service.owner)
  await owner`create table customer_complaints.form (id int)`
  onTestFinished(async () => {
    await owner`drop table customer_complaints.form`
  })
  await expect(connect(service.reader).unsafe(statement)).rejects.toMatchObject({ code: '42501' })
})

test('a wrong password and an unknown user are refused', async () => {
  await expect(connect({ ...service.reader, password: 'wrong' })`select 1`).rejects.toMatchObject({ code: '28P01' })
  await expect(connect({ ...service.reader, username: 'nobody' })`select 1`).rejects.toMatchObject({ code: '28P01' })
  await expect(connect({ ...service.reader, password: '' })`select 1`).rejects.toMatchObject({ code: '28P01' })
})

test('a missing table and a missing schema are told apart from a denial', async () => {
  const reader = connect(service.reader)
  await expect(reader`select * from customer_complaints.web_form_request_2025_11_24`).rejects.toMatchObject({
    code: '42P01',
    message: 'relation "customer_complaints.web_form_request_2025_11_24" does not exist',
  })
  await expect(reader`select * from nowhere.at_all`).rejects.toMatchObject({ code: '42P01' })
})

test('text is UTF-8, order is by bytes, the time zone is UTC, passwords are SCRAM', async () => {
  const [row] = await connect(service.owner)`
    select current_setting('server_encoding') as encoding, current_setting('TimeZone') as zone, 'B' < 'a' as by_bytes,
      (select bool_and(rolpassword like 'SCRAM-SHA-256%') from pg_authid where rolcanlogin) as scram`
  expect(row).toEqual({ encoding: 'UTF8', zone: 'UTC', by_bytes: true, scram: true })
})

test('what the source publishes about the database leads a reader in', () => {
  const { port, password } = service.reader
  expect(databaseParameters(service.reader)).toEqual({
    '/coretelecomms/database/db_host': '127.0.0.1',
    '/coretelecomms/database/db_port': String(port),
    '/coretelecomms/database/db_name': 'coretelecoms',
    '/coretelecomms/database/db_username': 'cx_reader',
    '/coretelecomms/database/db_password': password,
    '/coretelecomms/database/table_schema_name': 'customer_complaints',
  })
})

test('passwords are the owner’s secret and are not shown among the endpoints', async () => {
  expect((await stat(join(folder, 'secrets', 'postgres-reader'))).mode & 0o777).toBe(0o600)
  expect(JSON.stringify(service.endpoints)).not.toContain(service.reader.password)
})

test('it stops with a client still connected, and has its data and passwords when it starts again', async () => {
  const owner = connect(service.owner)
  await owner`create table customer_complaints.kept as select 42 as answer`
  await service.stop()
  expect(await readProcessIdentity(service.pid)).toBeUndefined()

  const passwords = [service.owner.password, service.reader.password]
  service = await startPostgres({ sandboxDirectory: folder })
  expect([service.owner.password, service.reader.password]).toEqual(passwords)
  expect([...(await connect(service.reader)`select answer from customer_complaints.kept`)]).toEqual([{ answer: 42 }])
})

test('it has its data when it starts again after a kill', async () => {
  await connect(service.owner)`create table customer_complaints.survivor as select 7 as answer`
  process.kill(-service.pid, 'SIGKILL')
  await service.stop()
  service = await startPostgres({ sandboxDirectory: folder })
  expect([...(await connect(service.reader)`select answer from customer_complaints.survivor`)]).toEqual([{ answer: 7 }])
})

test('a second server on the same data is refused by name', async () => {
  await expect(startPostgres({ sandboxDirectory: folder })).rejects.toThrow(
    `Postgres already runs on ${join(folder, 'data', 'postgres')} (process ${service.pid})`,
  )
})

test('the lock of a killed server whose process id is somebody else’s by now is no obstacle', async () => {
  await service.stop()
  await writeFile(join(folder, 'data', 'postgres', 'postmaster.pid'), `${process.pid}\n`)
  service = await startPostgres({ sandboxDirectory: folder })
  expect([...(await connect(service.reader)`select 1 as one`)]).toEqual([{ one: 1 }])
})
