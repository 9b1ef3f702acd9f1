import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { repositoryRoot } from '../../src/platform/repository.ts'

const read = (path: string) => readFile(join(repositoryRoot, path), 'utf8')

// GitHub names the environment of a job in its token, and the branch only where there is none.
test.each([
  ['images.yml', 'images'],
  ['infra.yml', 'production'],
])('the role that %s takes trusts the environment of its job', async (workflow, environment) => {
  expect(await read(`.github/workflows/${workflow}`)).toMatch(
    new RegExp(`^ {4}environment: ${environment}(?: #.*)?$`, 'm'),
  )
  expect(await read('infra/aws/github.tf')).toContain(`:environment:${environment}"`)
})

test('there is a repository for every image that CI pushes', async () => {
  const script = await read('scripts/images.mjs')
  const names = [...script.matchAll(/^ {2}'?([\w-]+)'?: \{ folder: /gm)]
    .map(([, name]) => name)
    .filter((name) => name !== 'sandbox')
  expect(names).toHaveLength(6)
  const registry =
    (await read('infra/aws/registry.tf')) + (await read('infra/aws/locals.tf')) + (await read('infra/aws/steps.tf'))
  for (const name of names) expect(registry).toContain(`"${name}"`)
})
