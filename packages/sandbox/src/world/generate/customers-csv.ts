import { openCustomers } from './customer.ts'
import type { Customer } from './customer.ts'
import { count } from '../count.ts'
import type { FileDeclaration } from './declaration.ts'
import { planDefects } from './defects.ts'
import type { Defect } from './defects.ts'
import { csvRecord, csvRecordWithInvalidByte } from './text-stream.ts'
import type { Piece } from './text-stream.ts'

/** Headers of the customers file, in the source's spelling (SOURCES: Headers). */
export const customerHeaders: readonly string[] = [
  'customer_id',
  'name',
  'Gender',
  'DATE of biRTH',
  'signup_date',
  'email',
  'address',
]

/** What the customers file is made from. */
export interface CustomersFileOptions {
  seed: number
  rows: number
  /** Filled in as the rows are taken. */
  declaration: FileDeclaration
}

const reasons: Partial<Record<Defect, string>> = {
  bad_customer_id: 'cast:customer_id',
  bad_birth_date: 'cast:birth_date',
  missing_required: 'required:customer_id',
  invalid_utf8: 'invalid_text',
}

/** The customers file, in pieces. */
export function* writeCustomersCsv(options: CustomersFileOptions): Generator<Piece> {
  const { seed, rows, declaration } = options
  const customers = openCustomers(seed)
  const defects = planDefects('customers', rows, 0)
  yield csvRecord(customerHeaders)
  for (let index = 0; index < rows; index++) {
    declaration.rows++
    const defect = defects.get(index)
    if (defect === undefined) {
      yield csvRecord(customerFields(customers.make(index)))
    } else {
      count(declaration.quarantined, reasons[defect] ?? defect)
      const before = customers.identify(index - 1).customerId
      yield spoiltRecord({ ...customers.make(index) }, defect, before)
    }
  }
}

function customerFields(customer: Customer): string[] {
  const { customerId, fullName, gender, birthDate, signupDate, email, address } = customer
  return [customerId, fullName, gender, birthDate, signupDate, email, address]
}

function spoiltRecord(customer: Customer, defect: Defect, before: string): Piece {
  switch (defect) {
    case 'bad_customer_id':
      return csvRecord(customerFields({ ...customer, customerId: customer.customerId.replaceAll('-', '') }))
    case 'bad_birth_date':
      return csvRecord(customerFields({ ...customer, birthDate: '1985-02-30' }))
    case 'missing_required':
      return csvRecord(customerFields({ ...customer, customerId: '' }))
    case 'repeated_key':
      // The key is the same UUID in the other case.
      return csvRecord(customerFields({ ...customer, customerId: before.toUpperCase() }))
    case 'too_few_fields':
      return csvRecord(customerFields(customer).slice(0, -1))
    case 'too_many_fields':
      return csvRecord([...customerFields(customer), 'VIP'])
    case 'invalid_utf8':
      return csvRecordWithInvalidByte(customerFields({ ...customer, fullName: 'Ren\ufffd Martin' }))
    default:
      throw new TypeError(`customers cannot hold the defect ${defect}`)
  }
}
