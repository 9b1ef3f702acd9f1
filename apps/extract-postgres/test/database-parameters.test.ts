import { expect, test } from 'vitest'
import { parseDatabaseParameters } from '../src/database-parameters.ts'

const path = '/coretelecomms/database/'
const good = {
  db_host: 'db.example.com',
  db_port: '6543',
  db_name: 'postgres',
  db_username: 'reader',
  db_password: ' secret with spaces ',
  table_schema_name: 'customer_complaints',
}

test('reads what leads to the database, and leaves the password as it is', () => {
  expect(parseDatabaseParameters(new Map(Object.entries({ ...good, db_host: ' db.example.com\n' })), path)).toEqual({
    host: 'db.example.com',
    port: 6543,
    database: 'postgres',
    username: 'reader',
    password: ' secret with spaces ',
    schema: 'customer_complaints',
  })
})

test('lists everything that is missing or wrong at once and shows no value', () => {
  const parameters = new Map([
    ['db_port', 'sixty'],
    ['db_password', 'hunter2'],
    ['db_name', ' '],
  ])
  let message = ''
  try {
    parseDatabaseParameters(parameters, path)
  } catch (error) {
    message = (error as Error).message
  }
  for (const fault of ['db_host is missing', 'db_port is not a port', 'db_name is empty', 'db_username is missing']) {
    expect(message).toContain(`${path}${fault}`)
  }
  expect(message).toContain('table_schema_name is missing')
  expect(message).not.toMatch(/hunter2|sixty/)
})
