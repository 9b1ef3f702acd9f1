import { defineConfig, type ViteUserConfig } from 'vitest/config'

/** What every project's tests run under. A project that needs more passes it in. */
export function sharedConfig(test: ViteUserConfig['test'] = {}): ViteUserConfig {
  return defineConfig({
    resolve: { conditions: ['@coretelecoms/source'] },
    ssr: { resolve: { conditions: ['@coretelecoms/source', 'node'] } },
    test: {
      include: ['test/**/*.test.ts'],
      passWithNoTests: false,
      testTimeout: 30_000,
      hookTimeout: 120_000,
      reporters: ['default', 'json'],
      outputFile: { json: '.report/test.json' },
      // A stray console line fails the test that wrote it.
      onConsoleLog: (log) => {
        throw new Error(`a test wrote to the console: ${log}`)
      },
      ...test,
    },
  })
}
