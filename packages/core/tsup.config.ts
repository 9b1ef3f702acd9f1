import { defineConfig } from 'tsup'

export default defineConfig({
  entry: ['src/index.ts', 'src/bulk.ts'],
  format: 'esm',
  target: 'node24',
  sourcemap: true,
  // Everything but what the type checker keeps here.
  clean: ['!types/**', '!spec/**', '!*.tsbuildinfo'],
  outDir: 'dist',
})
