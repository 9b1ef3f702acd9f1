import { sharedConfig } from '../../vitest.shared.ts'

// One scheduler for all: the tests of a file go on from each other.
export default sharedConfig({
  include: ['e2e/airflow/**/*.test.ts'],
  outputFile: { json: '.report/e2e-airflow.json' },
  bail: 1,
  testTimeout: 300_000,
  hookTimeout: 300_000,
})
