import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { SignJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readServiceAccountKey, type ServiceAccountKey } from '../../../src/services/sheets/service-account.ts'
import type { Spreadsheet } from '../../../src/services/sheets/spreadsheet.ts'
import { type SheetsService, startSheets } from '../../../src/services/sheets/start.ts'
import { createSheetsClient, readingScope } from './client.ts'

const spreadsheetId = 'sheet-of-agents'
const agents: Spreadsheet = {
  spreadsheetId,
  title: 'CORETELECOMMS AGENTS',
  tabs: [
    {
      title: 'agents',
      rows: [
        ['iD', 'NamE', 'experience', 'state'],
        [1000, 'Ada Lovelace', 'Senior', 'Ohio'],
        ['1001', 'Grace Hopper', '', ''],
        [],
        [1002, '', 'intern', 'Texas'],
        ['', '', null, { error: '#REF!' }],
        ['', null, ''],
      ],
    },
    { title: "Bob's notes", rows: [['x']] },
    { title: 'empty', rows: [] },
  ],
}

let folder: string
let service: SheetsService
let key: ServiceAccountKey

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cx-sheets-'))
  service = await startSheets({ sandboxDirectory: folder })
  key = await readServiceAccountKey(service.serviceAccountFile)
})
afterAll(async () => {
  await service.stop()
  await rm(folder, { recursive: true, force: true })
})
beforeEach(() => write(agents))

function write(content: unknown): Promise<void> {
  return writeFile(service.dataFile, JSON.stringify(content))
}

function connect(options: { key?: ServiceAccountKey; scopes?: string[] } = {}) {
  return createSheetsClient({ endpoint: service.endpoint, key, ...options }).spreadsheets
}

/** What Google's client makes of a failure. */
function failure(status: number, message: string | RegExp): object {
  return { status, message: typeof message === 'string' ? message : (expect.stringMatching(message) as unknown) }
}

describe('reading values', () => {
  const read = async (range: string, options: { valueRenderOption?: string; majorDimension?: string } = {}) =>
    (await connect().values.get({ spreadsheetId, range, ...options })).data

  test('rows come without empty cells at their end, empty rows in the middle as empty lists', async () => {
    expect(await read('agents', { valueRenderOption: 'UNFORMATTED_VALUE' })).toEqual({
      range: 'agents!A1:Z1000',
      majorDimension: 'ROWS',
      values: [
        ['iD', 'NamE', 'experience', 'state'],
        [1000, 'Ada Lovelace', 'Senior', 'Ohio'],
        ['1001', 'Grace Hopper'],
        [],
        [1002, '', 'intern', 'Texas'],
        ['', '', '', '#REF!'],
      ],
    })
  })

  test('numbers are text unless they are asked for as numbers', async () => {
    expect((await read('agents!A2:A3')).values).toEqual([['1000'], ['1001']])
    expect((await read('agents!A2:A3', { valueRenderOption: 'UNFORMATTED_VALUE' })).values).toEqual([[1000], ['1001']])
  })

  test('columns are read as columns when asked for', async () => {
    const { values } = await read('agents!A1:B4', { majorDimension: 'COLUMNS' })
    expect(values).toEqual([
      ['iD', '1000', '1001'],
      ['NamE', 'Ada Lovelace', 'Grace Hopper'],
    ])
  })

  test.each([
    ['agents!A1:D1', 'agents!A1:D1', [['iD', 'NamE', 'experience', 'state']]],
    ['AGENTS!b2', 'agents!B2:B2', [['Ada Lovelace']]],
    ['A1:B', 'agents!A1:B1000', expect.any(Array)],
    ['agents!C:D', 'agents!C1:D1000', expect.any(Array)],
    ['agents!2:2', 'agents!A2:Z2', [['1000', 'Ada Lovelace', 'Senior', 'Ohio']]],
    ["'Bob''s notes'!A1", "'Bob''s notes'!A1:A1", [['x']]],
    ["'agents'!A1:A1", 'agents!A1:A1', [['iD']]],
  ])('the range %s is %s', async (asked, range, values: unknown) => {
    expect(await read(asked)).toEqual({ range, majorDimension: 'ROWS', values })
  })

  test('an empty range has no values at all', async () => {
    expect(await read('empty')).toEqual({ range: 'empty!A1:Z1000', majorDimension: 'ROWS' })
    expect(await read('agents!F1:H9')).toEqual({ range: 'agents!F1:H9', majorDimension: 'ROWS' })
  })

  test.each(['nobody!A1:D', 'agents!', 'agents!A1:B2:C3', "'agents", 'agents!1A', 'nobody'])(
    '%s cannot be parsed',
    async (range) => {
      await expect(read(range)).rejects.toMatchObject(failure(400, `Unable to parse range: ${range}`))
    },
  )

  test('a range outside the grid is refused with its limits', async () => {
    await expect(read('agents!A5000')).rejects.toMatchObject(
      failure(400, 'Range (agents!A5000) exceeds grid limits. Max rows: 1000, max columns: 26'),
    )
  })

  test('an option that does not exist is refused', async () => {
    await expect(read('agents', { valueRenderOption: 'RAW' })).rejects.toMatchObject(failure(400, /valueRenderOption/))
  })

  test('several ranges are read at once', async () => {
    const { data } = await connect().values.batchGet({ spreadsheetId, ranges: ['agents!A1', "'Bob''s notes'"] })
    expect(data.spreadsheetId).toBe(spreadsheetId)
    expect(data.valueRanges?.map(({ values }) => values as unknown)).toEqual([[['iD']], [['x']]])
  })

  test('an edit is seen by the next request', async () => {
    await read('agents')
    await write({ ...agents, tabs: [{ title: 'agents', rows: [['new']] }] })
    expect((await read('agents')).values).toEqual([['new']])
  })
})

test('a spreadsheet is described by title, tabs and their sizes', async () => {
  const { data } = await connect().get({ spreadsheetId })
  expect(data.properties?.title).toBe('CORETELECOMMS AGENTS')
  expect(data.sheets?.map(({ properties }) => properties)).toMatchObject([
    { title: 'agents', index: 0, gridProperties: { rowCount: 1000, columnCount: 26 } },
    { title: "Bob's notes" },
    { title: 'empty' },
  ])
})

describe('who may read', () => {
  const get = (spreadsheets: ReturnType<typeof connect>, id = spreadsheetId) => spreadsheets.get({ spreadsheetId: id })

  test('a spreadsheet that does not exist is not found', async () => {
    await expect(get(connect(), 'another')).rejects.toMatchObject(failure(404, 'Requested entity was not found.'))
    await rm(service.dataFile)
    await expect(get(connect())).rejects.toMatchObject(failure(404, 'Requested entity was not found.'))
  })

  test('a spreadsheet that is not shared with the account is denied', async () => {
    await write({ ...agents, sharedWith: ['somebody@else.example'] })
    await expect(get(connect())).rejects.toMatchObject(failure(403, 'The caller does not have permission'))
    await write({ ...agents, sharedWith: [key.client_email] })
    expect((await get(connect())).status).toBe(200)
  })

  test('another private key is refused', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const forged = { ...key, private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() }
    await expect(get(connect({ key: forged }))).rejects.toMatchObject(
      failure(400, 'invalid_grant: Invalid JWT Signature.'),
    )
  })

  test('an account that is not registered is refused', async () => {
    const stranger = { ...key, client_email: 'stranger@elsewhere.example' }
    await expect(get(connect({ key: stranger }))).rejects.toMatchObject(
      failure(400, 'invalid_grant: Invalid grant: account not found'),
    )
  })

  test('a token for something else does not open a spreadsheet', async () => {
    const scopes = ['https://www.googleapis.com/auth/calendar']
    await expect(get(connect({ scopes }))).rejects.toMatchObject(
      failure(403, 'Request had insufficient authentication scopes.'),
    )
  })

  test('a made-up token and no token are refused', async () => {
    const url = `${service.endpoint}/v4/spreadsheets/${spreadsheetId}`
    const madeUp = await fetch(url, { headers: { authorization: 'Bearer ya29.made-up' } })
    expect(madeUp.status).toBe(401)
    expect(await madeUp.json()).toMatchObject({ error: { code: 401, status: 'UNAUTHENTICATED' } })
    const none = await fetch(url)
    expect(none.status).toBe(403)
    expect(await none.json()).toMatchObject({ error: { code: 403, status: 'PERMISSION_DENIED' } })
  })
})

describe('the exchange of an assertion for a token', () => {
  const grant = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

  async function exchange(assertion: string, grantType = grant): Promise<{ status: number; body: unknown }> {
    const body = new URLSearchParams({ grant_type: grantType, assertion })
    const response = await fetch(key.token_uri, { method: 'POST', body })
    return { status: response.status, body: await response.json() }
  }

  async function sign(claims: { aud?: string; scope?: string; iat?: number; exp?: number }): Promise<string> {
    const now = Math.floor(Date.now() / 1000)
    return new SignJWT({
      iss: key.client_email,
      scope: readingScope,
      aud: key.token_uri,
      iat: now,
      exp: now + 600,
      ...claims,
    })
      .setProtectedHeader({ alg: 'RS256' })
      .sign(createPrivateKey(key.private_key))
  }

  test('a good one gives a bearer token that expires', async () => {
    expect(await exchange(await sign({}))).toEqual({
      status: 200,
      body: { access_token: expect.stringMatching(/^ya29\./) as unknown, expires_in: 3600, token_type: 'Bearer' },
    })
  })

  const past = Math.floor(Date.now() / 1000) - 7200
  test.each([
    ['made out to somebody else', { aud: 'https://oauth2.googleapis.com/token' }, 'invalid_grant', /audience/],
    ['that has expired', { iat: past, exp: past + 3600 }, 'invalid_grant', /short-lived/],
    ['that is valid for too long', { iat: past, exp: past + 864000 }, 'invalid_grant', /short-lived/],
    ['without a scope', { scope: '' }, 'invalid_scope', /scope/],
  ])('one %s is refused', async (_, claims, error, description) => {
    expect(await exchange(await sign(claims))).toEqual({
      status: 400,
      body: { error, error_description: expect.stringMatching(description) as unknown },
    })
  })

  test('what is no assertion, and another kind of grant, are refused', async () => {
    expect(await exchange('nonsense')).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    const other = await exchange(await sign({}), 'password')
    expect(other).toMatchObject({ status: 400, body: { error: 'unsupported_grant_type' } })
  })
})

test('the next requests fail as told, and then no more', async () => {
  await service.failNext([429, 500])
  const spreadsheets = connect()
  await expect(spreadsheets.get({ spreadsheetId })).rejects.toMatchObject(failure(429, /Quota exceeded/))
  await expect(spreadsheets.get({ spreadsheetId })).rejects.toMatchObject(failure(500, 'Internal error encountered.'))
  expect((await spreadsheets.get({ spreadsheetId })).status).toBe(200)
})

test('the key file is the owner’s alone, and keeps its key when the server moves to another port', async () => {
  expect((await stat(service.serviceAccountFile)).mode & 0o777).toBe(0o600)
  const elsewhere = await startSheets({ sandboxDirectory: folder })
  const moved = JSON.parse(await readFile(elsewhere.serviceAccountFile, 'utf8')) as ServiceAccountKey
  await elsewhere.stop()
  expect(moved).toEqual({ ...key, token_uri: `${elsewhere.endpoint}/token` })
})
