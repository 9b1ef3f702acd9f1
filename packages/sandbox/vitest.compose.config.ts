import { sharedConfig } from '../../vitest.shared.ts'

export default sharedConfig({
  include: ['compose/**/*.test.ts'],
  outputFile: { json: '.report/compose.json' },
  fileParallelism: false,
  testTimeout: 900_000,
  hookTimeout: 1_200_000,
})
