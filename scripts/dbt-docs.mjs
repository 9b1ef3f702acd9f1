// node scripts/dbt-docs.mjs: writes dbt's page about the models to dbt/target/static_index.html. No warehouse is asked: the
// columns are those that the project describes.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fail, node, root, run, say, sourceArguments } from './workspace.mjs'

const project = join(root, 'dbt')
const target = join(project, 'target')
const dbt = join(root, '.sandbox', 'python', 'dbt', 'bin', 'dbt')
// The profile asks for them; nothing logs in.
const names = ['ACCOUNT', 'USER', 'PRIVATE_KEY_FILE', 'ROLE', 'DATABASE', 'WAREHOUSE']
const env = Object.fromEntries(names.map((name) => [`CX_SNOWFLAKE_${name}`, 'CORETELECOMS']))

const prepared = await run(node, [...sourceArguments, 'packages/sandbox/src/python/prepare.ts', 'dbt'], {
  shell: false,
})
if (prepared !== 0) process.exit(prepared)
const folders = [
  '--project-dir',
  project,
  '--profiles-dir',
  project,
  '--target-path',
  target,
  '--log-level-file',
  'none',
]
for (const words of [['parse'], ['docs', 'generate', '--static', '--empty-catalog', '--no-compile']]) {
  const code = await run(dbt, [...words, ...folders], { shell: false, env })
  if (code !== 0) process.exit(code)
}
const page = join(target, 'static_index.html')
if (!existsSync(page)) fail(`dbt wrote no ${page}`)
say(page)
