import { defineDataset } from './define-dataset.ts'

/** Everybody who has a contract with CoreTelecoms: one CSV object that may be replaced at any time. */
export const customers = defineDataset({
  name: 'customers',
  description: 'Customers of CoreTelecoms, one row a customer.',
  version: 1,
  cadence: 'static',
  source: { kind: 's3-csv', key: 'customers/customers_dataset.csv' },
  key: 'customer_id',
  partition: 'snapshot_date',
  columns: [
    {
      name: 'customer_id',
      type: 'uuid',
      required: true,
      personalData: 'direct',
      description: 'Identity of the customer (UUIDv4).',
    },
    {
      name: 'full_name',
      aliases: ['name'],
      type: 'string',
      personalData: 'direct',
      description: 'Name as the customer gave it.',
    },
    {
      name: 'gender',
      type: 'string',
      allowed: ['M', 'F'],
      personalData: 'indirect',
      description: 'M or F.',
    },
    {
      name: 'birth_date',
      aliases: ['DATE of biRTH'],
      type: 'date',
      personalData: 'indirect',
      description: 'Date of birth.',
    },
    { name: 'signup_date', type: 'date', personalData: 'indirect', description: 'Day the customer signed up.' },
    {
      name: 'email',
      type: 'string',
      personalData: 'direct',
      description: 'E-mail address as typed; its domain is often mangled and is repaired in dbt.',
    },
    {
      name: 'address',
      type: 'string',
      personalData: 'direct',
      description: 'Postal address on two lines: street, then city, state and ZIP.',
    },
  ],
})
