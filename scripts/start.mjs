// npm start: installs what is missing, then runs the platform on this machine. `npm start -- --help` lists the flags.
import { ensurePackages, node, run, sourceArguments } from './workspace.mjs'

await ensurePackages()
process.exitCode = await run(node, [...sourceArguments, 'packages/sandbox/src/main.ts', ...process.argv.slice(2)], {
  shell: false,
})
