import { join } from 'node:path'
import { serveAirflow } from './console/airflow.ts'
import { serve } from './console/services.ts'
import { start } from './console/start.ts'
import { repositoryRoot } from './platform/repository.ts'

const commands = { services: serve, airflow: serveAirflow }
const [word, ...rest] = process.argv.slice(2)
const command =
  word !== undefined && Object.hasOwn(commands, word) ? commands[word as keyof typeof commands] : undefined

process.exitCode = await (command ?? start)({
  argv: command ? rest : process.argv.slice(2),
  sandboxDirectory: process.env['CX_SANDBOX_DIRECTORY'] ?? join(repositoryRoot, '.sandbox'),
  stdout: process.stdout,
  stderr: process.stderr,
})
