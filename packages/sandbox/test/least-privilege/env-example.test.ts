import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'

const root = new URL('../../../../', import.meta.url)
const read = (path: string): Promise<string> => readFile(new URL(path, root), 'utf8')

/** The blocks `NAME = { … }` of a file of Terraform, by name: the texts in each. */
async function blocksOf(path: string): Promise<Record<string, Record<string, string>>> {
  const blocks = (await read(path)).matchAll(/^ +(CX_[A-Z]+) += \{(.*)\}$/gm)
  return Object.fromEntries(
    [...blocks].map(([, name = '', body = '']) => [
      name,
      Object.fromEntries([...body.matchAll(/(\w+) = "([^"]*)"/g)].map(([, key = '', value = '']) => [key, value])),
    ]),
  )
}

/** What a step is told by .env.example, all that is commented out being taken: a line of its own goes before the common one. */
async function settingsOf(step: string): Promise<(name: string) => string | undefined> {
  const lines = (await read('.env.example')).matchAll(/^(?:# )?([A-Z][A-Z0-9_]*)=(.*)$/gm)
  const settings = new Map([...lines].map(([, name = '', value = '']) => [name, value]))
  const prefix = `${step.toUpperCase().replaceAll('-', '_')}__`
  return (name) => settings.get(prefix + name) ?? settings.get(name)
}

test.each([
  ['loader-snowflake', 'CX_LOADER'],
  ['loader-snowflake-migrate', 'CX_MIGRATOR'],
  ['dbt', 'CX_TRANSFORMER'],
])('%s is told the role and the warehouse that Terraform gives %s, and a key of its own', async (step, user) => {
  const [setting, users] = await Promise.all([settingsOf(step), blocksOf('infra/snowflake/users.tf')])
  expect({
    user: setting('CX_SNOWFLAKE_USER'),
    role: setting('CX_SNOWFLAKE_ROLE'),
    warehouse: setting('CX_SNOWFLAKE_WAREHOUSE'),
    key: setting('CX_SNOWFLAKE_PRIVATE_KEY_FILE'),
  }).toEqual({
    user,
    role: users[user]?.['role'],
    warehouse: users[user]?.['warehouse'],
    key: `/run/secrets/${user.toLowerCase()}.p8`,
  })
})

test('every warehouse of a user is one that Terraform makes', async () => {
  const users = Object.values(await blocksOf('infra/snowflake/users.tf'))
  const warehouses = Object.keys(await blocksOf('infra/snowflake/warehouses.tf'))
  expect(users).toHaveLength(3)
  for (const { warehouse } of users) expect(warehouses).toContain(warehouse)
})

test.each(['extract-s3', 'extract-postgres'])(
  '%s is told the one role in the source account that it may take',
  async (step) => {
    const [setting, policy] = await Promise.all([settingsOf(step), read(`infra/policies/${step}.json`)])
    const role = setting('CX_SOURCE_ROLE_ARN')?.replace(/\d{12}/, '${source_account_id}')
    expect(role).toMatch(/^arn:/)
    expect(policy).toContain(`"sts:AssumeRole",\n      "Resource": "${role ?? ''}"`)
  },
)
