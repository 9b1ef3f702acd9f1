import { sharedConfig } from '../../vitest.shared.ts'

// One file at a time: each has services and containers of its own, and an engine is not faster for being asked twice.
export default sharedConfig({
  include: ['containers/**/*.test.ts'],
  outputFile: { json: '.report/container.json' },
  fileParallelism: false,
  testTimeout: 180_000,
  hookTimeout: 180_000,
})
