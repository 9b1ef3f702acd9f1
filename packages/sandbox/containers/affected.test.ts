import { execa } from 'execa'
import { appendFile, mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { repositoryRoot } from '../src/platform/repository.ts'

let folder: string
let clone: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cx-affected-'))
  clone = join(folder, 'clone')
  await execa('git', ['clone', '--quiet', repositoryRoot, clone])
  await symlink(join(repositoryRoot, 'node_modules'), join(clone, 'node_modules'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Commits a line more in each file, and asks Nx which images that makes necessary. */
async function imagesAfterChange(...files: string[]): Promise<string[]> {
  for (const file of files) await appendFile(join(clone, file), '\n')
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.invalid']
  await execa('git', [...identity, 'commit', '--quiet', '--no-verify', '--message', 'change', '--', ...files], {
    cwd: clone,
  })
  const { stdout } = await execa(
    join(clone, 'node_modules', '.bin', 'nx'),
    ['show', 'projects', '--affected', '--withTarget=image', '--base=HEAD~1', '--head=HEAD', '--json'],
    { cwd: clone, env: { NX_DAEMON: 'false', NX_TUI: 'false' } },
  )
  return (JSON.parse(stdout) as string[]).sort()
}

async function firstFile(directory: string, extension: string): Promise<string> {
  const files = await readdir(join(clone, directory), { recursive: true })
  const file = files.filter((name) => name.endsWith(extension)).sort()[0]
  if (file === undefined) throw new Error(`there is no ${extension} in ${directory}`)
  return join(directory, file)
}

describe('nx affected builds the images that a change reaches, and no other', () => {
  test.each([
    ['one app', ['apps/extract-s3/src/main.ts'], ['extract-s3']],
    [
      'the core',
      ['packages/core/src/index.ts'],
      ['extract-postgres', 'extract-s3', 'extract-sheets', 'loader-snowflake', 'sandbox-image'],
    ],
    ['README files', ['README.md', 'apps/extract-s3/README.md', 'dbt/README.md'], []],
    ['the Dockerfile of an app', ['apps/extract-sheets/Dockerfile'], ['extract-sheets']],
    ['the Dockerfile of dbt', ['dbt/Dockerfile'], ['dbt-image']],
    ['the services of the sandbox', ['packages/sandbox/src/main.ts'], ['sandbox-image']],
  ])('in %s', async (_, files, images) => {
    expect(await imagesAfterChange(...files)).toEqual(images)
  })

  test('in a model', async () => {
    expect(await imagesAfterChange(await firstFile('dbt/models/marts', '.sql'))).toEqual(['dbt-image'])
  })

  test('in a DAG', async () => {
    expect(await imagesAfterChange(await firstFile('airflow/dags', '.py'))).toEqual(['airflow-image'])
  })
})
