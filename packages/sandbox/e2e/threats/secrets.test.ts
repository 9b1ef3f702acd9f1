import { GetParameterCommand } from '@aws-sdk/client-ssm'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { appEnvironment } from '../../src/platform/app-environment.ts'
import type { AppName } from '../../src/platform/run-app.ts'
import { connectWarehouse } from '../../src/platform/warehouse-client.ts'
import { putParameters } from '../../src/services/aws/parameters.ts'
import { databaseParameterPath, pseudonymKeyParameter } from '../../src/services/aws/topology.ts'
import { webHeaders, webRow } from './deliveries.ts'
import { logFolder, ordinaryDay, startThreatWorld, type ThreatWorld } from './threat-world.ts'

const apps = ['extract-s3', 'extract-postgres', 'extract-sheets', 'loader-snowflake'] as const

let world: ThreatWorld
/** Each secret by its name; a key as the pieces of its lines, since a log may hold any of them. */
let secrets: Map<string, string>

beforeAll(async () => {
  world = await startThreatWorld()
  const { aws, postgres: database, sheets, snowflake } = world.services
  const { Parameter } = await aws.administrators.own.clients.ssm.send(
    new GetParameterCommand({ Name: pseudonymKeyParameter, WithDecryption: true }),
  )
  secrets = new Map([
    ['database password', database.reader.password],
    ['pseudonym key', Parameter?.Value ?? ''],
  ])
  for (const app of apps) {
    const environment = await appEnvironment(app, world.services)
    secrets.set(`${app} AWS secret`, environment['AWS_SECRET_ACCESS_KEY'] ?? '')
    secrets.set(`${app} AWS token`, environment['AWS_SESSION_TOKEN'] ?? '')
  }
  const account = JSON.parse(await readFile(sheets.serviceAccountFile, 'utf8')) as { private_key: string }
  const keys = { google: account.private_key, snowflake: await readFile(snowflake.privateKeyFiles.CX_LOADER, 'utf8') }
  for (const [name, pem] of Object.entries(keys)) {
    const lines = pem.split('\n').filter((line) => line.length > 40 && !line.startsWith('-----'))
    for (const [index, line] of lines.entries()) secrets.set(`${name} key line ${index}`, line.slice(0, 40))
  }
})
afterAll(() => world.stop())

/** Names of the secrets that stand in a text, as they are or as JSON, a URL or base64 would write them. */
function findSecrets(text: string): string[] {
  return [...secrets].flatMap(([name, secret]) => {
    const forms = [
      secret,
      JSON.stringify(secret).slice(1, -1),
      encodeURIComponent(secret),
      Buffer.from(secret).toString('base64'),
    ]
    return forms.some((form) => text.includes(form)) ? [name] : []
  })
}

/** Files with a fault in them, made from the real ones, so that a careless message would show the rest. */
async function spoil(file: string, name: string, change: (text: string) => string): Promise<string> {
  const spoiled = join(world.folder, name)
  await writeFile(spoiled, change(await readFile(file, 'utf8')))
  return spoiled
}

test('every secret is one, and is found where it stands', () => {
  expect(secrets.size).toBeGreaterThan(20)
  for (const [name, secret] of secrets) {
    expect([name, secret.length >= 12]).toEqual([name, true])
    expect(findSecrets(`{"msg":${JSON.stringify(`x${secret}y`)}}`)).toContain(name)
  }
})

test('no run of any app, good or failing, shows a secret in its output, its logs, the warehouse or a query', async () => {
  const { aws, sheets, snowflake } = world.services
  const run = ['run', '--date', ordinaryDay]
  const cutKey = (pem: string): string => pem.split('\n').toSpliced(3, 1).join('\n')
  const cases: { app: AppName; words: string[]; environment?: Record<string, string> }[] = [
    ...apps.map((app) => ({ app, words: app === 'loader-snowflake' ? ['migrate'] : run })),
    { app: 'loader-snowflake', words: run },
    { app: 'loader-snowflake', words: ['migrate', '--force'] },
    ...apps.map((app) => ({ app, words: run, environment: { CX_RAW_BUCKET: 'no-such-bucket' } })),
    ...apps.map((app) => ({ app, words: run, environment: { AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9' } })),
    ...apps.map((app) => ({ app, words: run, environment: { AWS_REGION: '', CX_RAW_BUCKET: '' } })),
    ...apps.map((app) => ({ app, words: run, environment: { AWS_SESSION_TOKEN: 'wrong' } })),
    ...apps.map((app) => ({ app, words: [...run, '--no-such-flag'] })),
    {
      app: 'extract-sheets',
      words: run,
      environment: { CX_SHEETS_ENDPOINT: 'http://127.0.0.1:9', CX_SHEETS_RETRIES: '0' },
    },
    { app: 'extract-sheets', words: run, environment: { CX_SHEETS_SPREADSHEET_ID: 'another' } },
    {
      app: 'extract-sheets',
      words: run,
      environment: {
        GOOGLE_APPLICATION_CREDENTIALS: await spoil(sheets.serviceAccountFile, 'cut.json', (text) =>
          text.slice(0, -20),
        ),
      },
    },
    {
      app: 'extract-sheets',
      words: run,
      environment: {
        GOOGLE_APPLICATION_CREDENTIALS: await spoil(sheets.serviceAccountFile, 'bad-key.json', (text) => {
          const account = JSON.parse(text) as { private_key: string }
          return JSON.stringify({ ...account, private_key: cutKey(account.private_key) })
        }),
      },
    },
  ]
  for (const [index, change] of [cutKey, (pem: string) => pem.replaceAll('-', '='), () => ''].entries()) {
    const file = await spoil(snowflake.privateKeyFiles.CX_LOADER, `bad-${index}.p8`, change)
    cases.push({ app: 'loader-snowflake', words: run, environment: { CX_SNOWFLAKE_PRIVATE_KEY_FILE: file } })
  }

  let failures = 0
  const told: string[] = []
  for (const { app, words, environment = {} } of cases) {
    const ended = await world.launch(app, words, { environment })
    if (ended.exitCode !== 0) failures += 1
    told.push(ended.stdout, ended.stderr)
  }
  expect(failures).toBeGreaterThan(20)

  // The database's address with faults, and a key that is too short: their values are secrets too.
  const { source, own } = aws.administrators
  const password = secrets.get('database password') ?? ''
  await world.deliverTable('2025-12-20', webHeaders, [webRow('2025-12-20', 'r1')])
  for (const [name, value] of [
    ['db_password', password.slice(0, -1)],
    ['db_port', password],
    ['db_host', `${password}.invalid`],
  ] as const) {
    const before = await source.clients.ssm.send(
      new GetParameterCommand({ Name: `${databaseParameterPath}${name}`, WithDecryption: true }),
    )
    await putParameters(source.clients.ssm, { [`${databaseParameterPath}${name}`]: value })
    const ended = await world.launch('extract-postgres', ['run', '--date', '2025-12-20'])
    expect(ended.exitCode).not.toBe(0)
    // A host is no secret and is named; somebody who puts the password there has published it.
    if (name !== 'db_host') told.push(ended.stdout, ended.stderr)
    await putParameters(source.clients.ssm, { [`${databaseParameterPath}${name}`]: before.Parameter?.Value ?? '' })
  }
  const shortKey = 'short-and-secret-key'
  secrets.set('short pseudonym key', shortKey)
  const key = secrets.get('pseudonym key') ?? ''
  for (const value of [shortKey, `${key}-another`]) {
    await putParameters(own.clients.ssm, { [pseudonymKeyParameter]: value })
    const ended = await world.launch('loader-snowflake', ['migrate'])
    expect(ended.exitCode).toBe(2)
    told.push(ended.stdout, ended.stderr)
  }
  await putParameters(own.clients.ssm, { [pseudonymKeyParameter]: key })

  for (const file of await readdir(logFolder(world))) told.push(await readFile(join(logFolder(world), file), 'utf8'))
  const warehouse = await connectWarehouse({
    account: snowflake.account,
    url: `http://${snowflake.host}:${snowflake.port}`,
    user: 'CX_ADMIN',
    privateKeyFile: snowflake.privateKeyFiles.CX_ADMIN,
    database: 'CORETELECOMS',
  })
  const runLog = await warehouse.query('SELECT * FROM OPS.RUN_LOG')
  await warehouse.close()
  expect(runLog.length).toBeGreaterThan(0)
  told.push(JSON.stringify(runLog))

  for (const text of told) expect(findSecrets(text)).toEqual([])
})
