import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import type { RunResult } from '@coretelecoms/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AppName } from '../../src/platform/run-app.ts'
import { connectWarehouse, type WarehouseClient } from '../../src/platform/warehouse-client.ts'
import { putParameters } from '../../src/services/aws/parameters.ts'
import { bucketNames, databaseParameterPath } from '../../src/services/aws/topology.ts'
import { createPostgresClient, readerName } from '../../src/services/postgres/database.ts'
import { type RunningServices, startRunningServices } from '../platform/running-services.ts'

const day = '2025-11-20'
const source = { Bucket: bucketNames.source, Key: `call logs/call_logs_day_${day}.csv` }
const ofDay = ['--dataset', 'call_logs', '--date', day]

let running: RunningServices
let warehouse: WarehouseClient
beforeAll(async () => {
  running = await startRunningServices(day)
  const { snowflake } = running.services
  warehouse = await connectWarehouse({
    account: snowflake.account,
    url: snowflake.url,
    user: 'CX_ADMIN',
    privateKeyFile: snowflake.privateKeyFiles.CX_ADMIN,
    database: 'CORETELECOMS',
  })
  await succeed('loader-snowflake', ['migrate'])
})
afterAll(async () => {
  await warehouse.close()
  await running.stop()
})

async function succeed(app: AppName, words: readonly string[]): Promise<RunResult> {
  const result = await running.run(app, words)
  expect({ app, words, exit: result.exit_code, error: result.error }).toMatchObject({ exit: 0 })
  return result
}

async function loadIds(): Promise<unknown[]> {
  const rows = await warehouse.query('SELECT DISTINCT _load_id FROM RAW.CALL_LOGS')
  return rows.map((row) => row['_load_id'])
}

async function loadedRows(): Promise<number> {
  const [row] = await warehouse.query('SELECT count(*) AS n FROM RAW.CALL_LOGS')
  return Number(row?.['n'])
}

const readSource = async (): Promise<string> => {
  const { Body: body } = await running.services.aws.administrators.source.clients.s3.send(new GetObjectCommand(source))
  return (await body?.transformToString()) ?? ''
}
const writeSource = (text: string) =>
  running.services.aws.administrators.source.clients.s3.send(new PutObjectCommand({ ...source, Body: text }))

async function landAndLoad(): Promise<{ loadId: string; landed: number }> {
  const { results } = await succeed('extract-s3', ['run', ...ofDay])
  await succeed('loader-snowflake', ['run', ...ofDay])
  return { loadId: String(results[0]?.['load_id']), landed: Number(results[0]?.['landed']) }
}

describe('a day that was wrong', () => {
  let right: { loadId: string; landed: number }
  let wrong: { loadId: string; landed: number }

  test('is delivered again, and its rows take the place of the wrong ones', async () => {
    right = await landAndLoad()
    expect(right.landed).toBeGreaterThan(10)
    expect([await loadIds(), await loadedRows()]).toEqual([[right.loadId], right.landed])
    const lines = (await readSource()).trimEnd().split('\n')
    await writeSource(`${lines.slice(0, -3).join('\n')}\n`)
    wrong = await landAndLoad()
    expect(wrong.loadId).not.toBe(right.loadId)
    expect([await loadIds(), await loadedRows()]).toEqual([[wrong.loadId], wrong.landed])
    expect(wrong.landed).toBeLessThan(right.landed)
  })

  test('is taken back to the load before it by restore', async () => {
    const restore = ['restore', ...ofDay, '--load-id', right.loadId]
    expect((await succeed('extract-s3', [...restore, '--dry-run'])).results).toMatchObject([{ status: 'planned' }])
    expect((await succeed('loader-snowflake', ['run', ...ofDay])).results).toMatchObject([{ status: 'unchanged' }])
    const { results } = await succeed('extract-s3', restore)
    expect(results).toMatchObject([{ status: 'published', load_id: right.loadId, landed: right.landed }])
    await succeed('loader-snowflake', ['run', ...ofDay])
    expect([await loadIds(), await loadedRows()]).toEqual([[right.loadId], right.landed])
    const current = await warehouse.query(
      "SELECT load_id FROM OPS.LOAD_LEDGER WHERE dataset = 'call_logs' AND is_current",
    )
    expect(current).toEqual([{ load_id: right.loadId }])
  })

  test.each([
    ['a load that there is not', ['--load-id', '019ab000-0000-7000-8000-000000000000'], 'there is no load'],
    ['a path in place of a load', ['--load-id', '../../customers'], '--load-id is missing or is no load id'],
    ['no load', [], '--load-id is missing'],
  ])('is not taken back to %s', async (_, words, message) => {
    const { exit_code: exitCode, error, results } = await running.run('extract-s3', ['restore', ...ofDay, ...words])
    expect(exitCode).toBe(2)
    expect(error?.message ?? results[0]?.error?.message).toContain(message)
    expect(await loadIds()).toEqual([right.loadId])
  })
})

test("the source database's password is rotated: the old one is refused at once, the next run takes the new one", async () => {
  const rotated = 'a0b1c2d3e4f5'
  const words = ['run', '--date', day, '--force']
  await succeed('extract-postgres', words)
  const { postgres, aws } = running.services
  const owner = createPostgresClient(postgres.owner)
  await owner.unsafe(`alter role ${readerName} password '${rotated}'`)
  await owner.end()
  const refused = await running.run('extract-postgres', words)
  expect([refused.exit_code, JSON.stringify(refused)]).toEqual([2, expect.stringContaining('password')])
  expect(JSON.stringify(refused)).not.toContain(postgres.reader.password)
  await putParameters(aws.administrators.source.clients.ssm, { [`${databaseParameterPath}db_password`]: rotated })
  await succeed('extract-postgres', words)
})
