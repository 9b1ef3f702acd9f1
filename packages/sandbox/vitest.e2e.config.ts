import { sharedConfig } from '../../vitest.shared.ts'

// Each file runs whole worlds: two at a time, so that they do not starve each other.
export default sharedConfig({
  include: ['e2e/**/*.test.ts'],
  // A target of their own: they share one scheduler.
  exclude: ['e2e/airflow/**'],
  outputFile: { json: '.report/e2e.json' },
  maxWorkers: 2,
  testTimeout: 300_000,
  hookTimeout: 300_000,
})
