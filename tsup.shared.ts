import { readFile } from 'node:fs/promises'
import type { Plugin } from 'esbuild'
import { defineConfig, type Options } from 'tsup'

/**
 * How an app is built: `dist/main.js`, one file that runs with nothing beside it but Node and what is named in
 * `external` because no bundler can take it in (native code).
 */
export function appConfig({ external = [] }: { external?: string[] } = {}): Options {
  return defineConfig({
    entry: ['src/main.ts'],
    format: 'esm',
    target: 'node24',
    platform: 'node',
    outDir: 'dist',
    sourcemap: true,
    // Dynamic imports inside packages would make a file each.
    splitting: false,
    // tsup would take these for the stronger of the two lists, so the exceptions stand in the expression.
    noExternal: [new RegExp(`^(?!(?:${external.join('|')})$)`)],
    external,
    // Packages in CommonJS ask for Node's own modules by `require`, which an ES module does not have.
    banner: {
      js: "import { createRequire as createNodeRequire } from 'node:module'; const require = createNodeRequire(import.meta.url);",
    },
    esbuildPlugins: [declareParquetTypes],
    esbuildOptions(options) {
      options.conditions = ['@coretelecoms/source']
    },
  }) as Options
}

/**
 * parquetjs-lite's generated Thrift types assign to names that they never declare. That makes globals in CommonJS and
 * is an error in an ES module, so the bundle declares them.
 */
const declareParquetTypes: Plugin = {
  name: 'declare-parquet-types',
  setup(build) {
    build.onLoad({ filter: /parquetjs-lite[\\/]gen-nodejs[\\/].*\.js$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8')
      const names = [...source.matchAll(/^(\w+) = module\.exports\.\1 = /gm)].map(([, name]) => name)
      return { contents: names.length > 0 ? `var ${names.join(', ')};\n${source}` : source }
    })
  },
}
