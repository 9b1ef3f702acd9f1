import { execa } from 'execa'
import { appendFile, mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { repositoryRoot } from '../../src/platform/repository.ts'

let folder: string
let clone: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cx-affected-'))
  clone = join(folder, 'clone')
  await execa('git', ['clone', '--quiet', repositoryRoot, clone])
  await symlink(join(repositoryRoot, 'node_modules'), join(clone, 'node_modules'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Commits a line more in each file, and asks Nx which projects that reaches and which images it makes necessary. */
async function afterChange(...files: string[]): Promise<{ projects: string[]; images: string[] }> {
  for (const file of files) await appendFile(join(clone, file), '\n')
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.invalid']
  await execa('git', [...identity, 'commit', '--quiet', '--no-verify', '--message', 'change', '--', ...files], {
    cwd: clone,
  })
  return { projects: await affected(), images: await affected('--withTarget=image') }
}

async function affected(...words: string[]): Promise<string[]> {
  const { stdout } = await execa(
    join(clone, 'node_modules', '.bin', 'nx'),
    ['show', 'projects', '--affected', ...words, '--base=HEAD~1', '--head=HEAD', '--json'],
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

const apps = ['extract-postgres', 'extract-s3', 'extract-sheets', 'loader-snowflake']

/** What a change is in, the files that change, the projects that are checked after it, and the images that are built. */
const changes: readonly (readonly [string, () => Promise<string[]>, string[], string[]])[] = [
  ['one app', named('apps/extract-s3/src/main.ts'), ['dbt', 'extract-s3', 'sandbox', 'scripts'], ['extract-s3']],
  [
    'the core',
    named('packages/core/src/index.ts'),
    ['core', 'dbt', ...apps, 'sandbox', 'sandbox-image', 'scripts'],
    [...apps, 'sandbox-image'],
  ],
  ['README files', named('README.md', 'apps/extract-s3/README.md', 'dbt/README.md'), [], []],
  [
    'the Dockerfile of an app',
    named('apps/extract-sheets/Dockerfile'),
    ['extract-sheets', 'sandbox', 'scripts'],
    ['extract-sheets'],
  ],
  ['a model', first('dbt/models/marts', '.sql'), ['dbt', 'dbt-image', 'sandbox', 'scripts'], ['dbt-image']],
  ['a DAG', first('airflow/dags', '.py'), ['airflow', 'airflow-image', 'sandbox', 'scripts'], ['airflow-image']],
  ['a workflow', named('.github/workflows/ci.yml'), ['workflows'], []],
  ['Terraform', named('infra/aws/keys.tf'), ['infra', 'sandbox', 'scripts'], []],
]

test.each(changes)(
  'a change in %s is checked and built where it reaches, and nowhere else',
  async (_, files, ...expected) => {
    const [projects, images] = expected
    expect(await afterChange(...(await files()))).toEqual({ projects, images })
  },
)

test('the images that CI pushes are those, each with its Dockerfile, and never the sandbox', async () => {
  await afterChange('packages/core/src/index.ts', await firstFile('airflow/dags', '.py'))
  const { stdout } = await execa(process.execPath, ['scripts/images.mjs', 'affected'], {
    cwd: clone,
    env: { NX_BASE: 'HEAD~1', NX_HEAD: 'HEAD', NX_DAEMON: 'false', NX_TUI: 'false' },
  })
  expect(JSON.parse(stdout)).toEqual([
    { name: 'airflow', dockerfile: 'airflow/Dockerfile' },
    ...apps.map((name) => ({ name, dockerfile: `apps/${name}/Dockerfile` })),
  ])
})

function named(...files: string[]) {
  return () => Promise.resolve(files)
}

function first(directory: string, extension: string) {
  return async () => [await firstFile(directory, extension)]
}
