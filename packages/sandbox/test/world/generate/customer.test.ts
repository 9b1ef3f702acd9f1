import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openCustomers } from '../../../src/world/generate/customer.ts'

test('a customer is a function of seed and number', () => {
  fc.assert(
    fc.property(fc.nat(0xffff_ffff), fc.nat(5_000_000), (seed, index) => {
      const customer = openCustomers(seed).make(index)
      expect(openCustomers(seed).make(index)).toEqual(customer)
      expect(openCustomers(seed).identify(index).customerId).toBe(customer.customerId)
    }),
  )
})

test('every customer has the shape of a real one', () => {
  fc.assert(
    fc.property(fc.nat(0xffff_ffff), fc.integer({ min: 1000, max: 5_000_000 }), (seed, index) => {
      const customer = openCustomers(seed).make(index)
      expect(customer.customerId).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
      expect(customer.fullName).toMatch(/^[A-Z][a-z]+ [A-Z][A-Za-z]+$/)
      expect(customer.email).toMatch(
        /^[\da-f]{4}[a-z]+[._-][a-z]+[\da-f]{3}@(GmaiL\.om|gmail\.com|yahoo\.com|hotmai\.com)$/,
      )
      expect(customer.address).toMatch(/^[^\n]+\n(?:[^\n,]+, [A-Z]{2}|(?:APO|FPO|DPO) A[AEP]) \d{5}$/)
      expect(customer.birthDate >= '1930-01-01' && customer.birthDate < '2008-01-01').toBe(true)
      expect(customer.signupDate >= '2010-01-01' && customer.signupDate < '2025-11-20').toBe(true)
    }),
  )
})

test('no two customers share an id', () => {
  const customers = openCustomers(1)
  const ids = new Set(Array.from({ length: 200_000 }, (_, index) => customers.identify(index).customerId))
  expect(ids.size).toBe(200_000)
})

test('military and territory addresses, and each mangled domain, are common enough to be met', () => {
  const customers = Array.from({ length: 2000 }, (_, index) => openCustomers(3).make(index))
  const share = (pattern: RegExp) =>
    customers.filter(({ email, address }) => pattern.test(`${email}\n${address}`)).length
  expect(share(/ A[AEP] \d{5}$/)).toBeGreaterThan(30)
  expect(share(/, (PR|GU|VI|AS|MP|FM|MH|PW) \d{5}$/)).toBeGreaterThan(150)
  expect(share(/@GmaiL\.om\n/)).toBeGreaterThan(400)
  expect(share(/@hotmai\.com\n/)).toBeGreaterThan(100)
})
