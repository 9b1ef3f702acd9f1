import { defineConfig } from 'tsup'

export default defineConfig({
  entry: ['src/index.ts', 'src/bulk.ts'],
  format: 'esm',
  target: 'node24',
  sourcemap: true,
  clean: false,
  outDir: 'dist',
})
