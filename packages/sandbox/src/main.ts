import { join } from 'node:path'
import { start } from './console/start.ts'
import { repositoryRoot } from './platform/repository.ts'

process.exitCode = await start({
  argv: process.argv.slice(2),
  sandboxDirectory: process.env['CX_SANDBOX_DIRECTORY'] ?? join(repositoryRoot, '.sandbox'),
  stdout: process.stdout,
  stderr: process.stderr,
})
