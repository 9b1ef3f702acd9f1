import { readFile } from 'node:fs/promises'
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
    esbuildPlugins: [modernizeParquet],
    esbuildOptions(options) {
      options.conditions = ['@coretelecoms/source']
    },
  }) as Options
}

/**
 * parquetjs-lite and the Thrift under it are older than ES modules. Their generated types assign to names that they never
 * declare: globals in CommonJS, an error in an ES module. And `new Buffer` warns on stderr once the code no longer lies
 * in node_modules; what takes its place does the same by the names of today.
 */
const modernizeParquet: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'modernize-parquet',
  setup(build) {
    const filter = /node_modules[\\/](?:parquetjs-lite|thrift|node-int64)[\\/].*\.js$/
    build.onLoad({ filter }, async ({ path }) => {
      const source = await readFile(path, 'utf8')
      const undeclared = [...source.matchAll(/^(\w+) = module\.exports\.\1 = /gm)].map(([, name]) => name)
      const declaration = undeclared.length > 0 ? `var ${undeclared.join(', ')};` : ''
      return { contents: `${declaration}${createBuffer}\n${source.replaceAll(/\bnew Buffer\(/g, 'createBuffer(')}` }
    })
  },
}

const createBuffer =
  "function createBuffer(value, encoding) { return typeof value === 'number' ? Buffer.alloc(value) : Buffer.from(value, encoding) }"
