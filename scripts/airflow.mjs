// npm run airflow: installs what is missing, then runs the platform under Airflow on this machine.
// `npm run airflow -- --help` lists the flags.
import { ensurePackages, node, run, sourceArguments } from './workspace.mjs'

await ensurePackages()
const main = 'packages/sandbox/src/main.ts'
process.exitCode = await run(node, [...sourceArguments, main, 'airflow', ...process.argv.slice(2)], { shell: false })
