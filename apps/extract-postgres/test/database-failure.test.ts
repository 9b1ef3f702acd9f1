import { ContractError } from '@coretelecoms/core'
import { expect, test } from 'vitest'
import { databaseFailure } from '../src/database-failure.ts'

const access = { host: 'db', port: 6543, database: 'd', username: 'u', password: 'hunter2', schema: 's' }
const read = { access, name: 'web_forms 2025-11-20', relation: 's.web_form_request_2025_11_20' }
const failed = (code: string): Error => Object.assign(new Error('message of the server'), { code })

test.each([
  ['28P01', 2, 'credentials'],
  ['3D000', 2, 'no_database'],
  ['3F000', 2, 'no_schema'],
  ['42501', 2, 'access_denied'],
  ['42P01', 3, 'not_delivered'],
  ['57014', 1, 'statement_timeout'],
  ['57P01', 1, 'database'],
  ['53300', 1, 'database'],
  ['ECONNREFUSED', 1, 'database'],
  ['CONNECT_TIMEOUT', 1, 'database'],
  ['CONNECTION_CLOSED', 1, 'database'],
  ['ENOTFOUND', 2, 'no_host'],
])('%s ends a run with exit %i as %s', (code, exitCode, name) => {
  const failure = databaseFailure(failed(code), read)
  expect(failure).toMatchObject({ exitCode, code: name, cause: { code } })
  expect((failure as Error).message).toMatch(/^web_forms 2025-11-20/)
  expect((failure as Error).message).not.toContain('hunter2')
})

test('what is no failure of the database stays what it is', () => {
  const contract = new ContractError('header', 'x')
  expect(databaseFailure(contract, read)).toBe(contract)
  const defect = new TypeError('a defect')
  expect(databaseFailure(defect, read)).toBe(defect)
})
