import { expect, test } from 'vitest'
import { contractHash, contractVersion } from '../../src/contract/contract-hash.ts'
import { agents } from '../../src/datasets/agents.ts'
import { customers } from '../../src/datasets/customers.ts'

test('the hash of a contract follows its rules and not its words', () => {
  expect(contractHash({ ...customers, description: 'Other words.' })).toBe(contractHash(customers))
  expect(contractHash({ ...customers, maxQuarantinedRatio: 0.02 })).not.toBe(contractHash(customers))
  const [first, ...rest] = customers.columns
  expect(contractHash({ ...customers, columns: [{ ...first!, required: false }, ...rest] })).not.toBe(
    contractHash(customers),
  )
})

test('the version names the dataset', () => {
  expect(contractVersion(agents)).toBe('agents@1')
})
