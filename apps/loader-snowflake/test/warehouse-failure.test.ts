import { expect, test } from 'vitest'
import { warehouseFailure } from '../src/warehouse-failure.ts'

const failure = (code: string | number, sqlState: string): Error =>
  Object.assign(new Error('value "Ada" is bad'), { code, sqlState })

test.each([
  ['a refused key', '390144', '08004', 2, 'login_refused'],
  ['a role that is not granted', 390189, '08001', 2, 'login_refused'],
  ['a missing privilege', '003001', '42501', 2, 'access_denied'],
  ['a missing table', '002003', '42S02', 2, 'no_object'],
  ['a value that does not fit', '100038', '22018', 2, 'load_refused'],
  ['a statement that is not understood', '001003', '42000', 2, 'statement'],
  ['a lock that another session holds', '000625', '57014', 1, 'warehouse'],
  ['a lost connection', 401_001, '08001', 1, 'warehouse'],
])('%s ends as it should', (_, code, sqlState, exitCode, expected) => {
  expect(warehouseFailure(failure(code, sqlState), 'loading')).toMatchObject({ exitCode, code: expected })
})

test('a message that may quote a value of a row is left out', () => {
  expect(warehouseFailure(failure('100038', '22018'), 'loading').message).not.toContain('Ada')
})

test('what is no failure of the driver may be retried', () => {
  expect(warehouseFailure('odd', 'loading')).toMatchObject({ exitCode: 1 })
})
