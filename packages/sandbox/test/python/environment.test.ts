import { execa } from 'execa'
import { expect, test } from 'vitest'
import { repositoryRoot } from '../../src/platform/repository.ts'
import { ensurePythonEnvironment, pythonEnvironmentNames } from '../../src/python/environment.ts'

const modules = {
  aws: 'ministack',
  emulator: 'fakesnow.server',
  dbt: 'dbt.adapters.snowflake',
  airflow: 'airflow.sdk',
  audit: 'pip_audit',
  infra: 'checkov',
} as const

test.each(pythonEnvironmentNames)('the environment %s holds what it is for', { timeout: 240_000 }, async (name) => {
  const { python } = await ensurePythonEnvironment({ name, root: repositoryRoot })
  const { stdout } = await execa(python, ['-c', `import ${modules[name]}; print("imported")`])
  expect(stdout).toBe('imported')
})
