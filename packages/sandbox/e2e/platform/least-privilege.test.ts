import type { ExitCode, RunResult } from '@coretelecoms/core'
import { DeleteObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3'
import { readdir } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AppName } from '../../src/platform/run-app.ts'
import {
  type PolicyDocument,
  policyActions,
  readPolicyTemplate,
  renderPolicy,
  withoutAction,
} from '../../src/services/aws/policy.ts'
import { policyValues } from '../../src/services/aws/policy-values.ts'
import { bucketNames, sourceRoles } from '../../src/services/aws/topology.ts'
import { type RunningServices, startRunningServices } from './running-services.ts'

const day = '2025-11-20'
/** Nothing is delivered on it: a day that is missing takes a verb of its own to be told from a day that is denied. */
const lateDay = '2025-11-21'
const days = `${day}..${lateDay}`

/**
 * Verbs that Snowflake's documentation asks for (CREATE STORAGE INTEGRATION, "Configuring access permissions") and that
 * the emulator does not use, because it reads objects by name only. Nothing here can show that they are needed.
 */
const unseenHere: readonly { policy: string; action: string }[] = [
  { policy: 'snowflake-storage', action: 's3:GetBucketLocation' },
  { policy: 'snowflake-storage', action: 's3:ListBucket' },
]

/** What is run under a policy so that all of its verbs are needed, and how it ends under the whole of it. */
interface Exercise {
  readonly commands: readonly (readonly string[])[]
  readonly wholeExitCode: ExitCode
  /** Datasets that the app lands. */
  readonly datasets: readonly string[]
}

const exercises: Record<AppName, Exercise> = {
  'extract-s3': {
    commands: [['run', '--date', days]],
    wholeExitCode: 3,
    datasets: ['customers', 'call_logs', 'social_media'],
  },
  'extract-postgres': {
    // The second run finds what the first published, which takes the key that it was encrypted under.
    commands: [
      ['run', '--date', day],
      ['run', '--date', days],
    ],
    wholeExitCode: 3,
    datasets: ['web_forms'],
  },
  'extract-sheets': { commands: [['run', '--date', days]], wholeExitCode: 0, datasets: ['agents'] },
  'loader-snowflake': {
    commands: [['migrate'], ['check'], ['run', '--date', days, '--force']],
    wholeExitCode: 3,
    datasets: [],
  },
}
const extractors = ['extract-s3', 'extract-postgres', 'extract-sheets'] as const

/** Every policy, and the app that needs it. */
const policies = [
  { policy: 'extract-s3', app: 'extract-s3' },
  { policy: 'source-objects', app: 'extract-s3' },
  { policy: 'extract-postgres', app: 'extract-postgres' },
  { policy: 'source-parameters', app: 'extract-postgres' },
  { policy: 'extract-sheets', app: 'extract-sheets' },
  { policy: 'loader-snowflake', app: 'loader-snowflake' },
  { policy: 'loader-snowflake-migrate', app: 'loader-snowflake' },
  { policy: 'snowflake-storage', app: 'loader-snowflake' },
] as const

const allCases = (
  await Promise.all(
    policies.map(async ({ policy, app }) => {
      const rendered = renderPolicy({ name: policy, template: await readPolicyTemplate(policy), values: policyValues })
      return policyActions(rendered).map((action) => ({ policy, app, action }))
    }),
  )
).flat()
const isUnseen = ({ policy, action }: { policy: string; action: string }) =>
  unseenHere.some((each) => each.policy === policy && each.action === action)
const cases = allCases.filter((each) => !isUnseen(each))
const casesOf = (isLoader: boolean) => cases.filter(({ app }) => (app === 'loader-snowflake') === isLoader)

let running: RunningServices
beforeAll(async () => {
  running = await startRunningServices(day)
})
afterAll(() => running.stop())

/** Takes back what an app has published, so that it begins as on the first day. */
async function withdraw({ datasets }: Exercise): Promise<void> {
  const { s3 } = running.services.aws.administrators.own.clients
  for (const dataset of datasets) {
    const listed = await s3.send(new ListObjectsV2Command({ Bucket: bucketNames.own, Prefix: `raw/${dataset}/` }))
    for (const { Key } of listed.Contents ?? []) {
      if (Key?.endsWith('/current.json')) await s3.send(new DeleteObjectCommand({ Bucket: bucketNames.own, Key }))
    }
  }
}

async function exercise(app: AppName): Promise<{ exitCode: ExitCode; results: RunResult[]; text: string }> {
  await withdraw(exercises[app])
  const results: RunResult[] = []
  for (const words of exercises[app].commands) {
    const result = await running.run(app, words)
    results.push(result)
    if (result.exit_code !== 0) break
  }
  return { exitCode: results.at(-1)?.exit_code ?? 0, results, text: JSON.stringify(results) }
}

/** Changes a policy while `use` runs; sessions that are open are under the changed one at once. */
async function withPolicy<Result>(
  name: (typeof policies)[number]['policy'],
  change: (policy: PolicyDocument) => PolicyDocument,
  use: () => Promise<Result>,
): Promise<Result> {
  const { aws } = running.services
  const source = sourceRoles.find(({ policy }) => policy === name)
  if (source) {
    const whole = aws.sourcePolicy(source.app)
    await aws.replaceSourcePolicy(source.app, change(whole))
    return use().finally(() => aws.replaceSourcePolicy(source.app, whole))
  }
  if (name === 'source-objects' || name === 'source-parameters') throw new TypeError(`${name} is nobody's role`)
  const whole = aws.appPolicy(name)
  await aws.replaceAppPolicy(name, change(whole))
  return use().finally(() => aws.replaceAppPolicy(name, whole))
}

test('there is a case for every policy file, and each has a verb', async () => {
  const files = await readdir(new URL('../../../../infra/policies/', import.meta.url))
  const names = files.flatMap((file) => (file.endsWith('.json') ? [file.slice(0, -'.json'.length)] : []))
  expect([...new Set(cases.map(({ policy }) => policy))].toSorted()).toEqual(names.toSorted())
})

test('what is not seen here stands in a policy', () => {
  expect(allCases.filter(isUnseen)).toHaveLength(unseenHere.length)
})

describe('an extractor', () => {
  test.each(extractors)('%s needs no more than its policies', async (app) => {
    const { exitCode, results } = await exercise(app)
    expect(exitCode).toBe(exercises[app].wholeExitCode)
    const published = results.flatMap((run) => run.results).filter(({ status }) => status === 'published')
    expect(published.map(({ dataset }) => dataset)).toEqual(exercises[app].datasets)
  })

  test.each(casesOf(false))('$app without $action of $policy ends with exit 2 and names it', async (each) => {
    const { policy, app, action } = each
    const { exitCode, text } = await withPolicy(
      policy,
      (whole) => withoutAction(whole, action),
      () => exercise(app),
    )
    expect(text).toContain(action)
    expect(exitCode).toBe(2)
  })
})

describe('the loader', () => {
  beforeAll(async () => {
    for (const app of extractors) await exercise(app)
  })

  test('needs no more than its policies', async () => {
    const { exitCode, results } = await exercise('loader-snowflake')
    expect(exitCode).toBe(exercises['loader-snowflake'].wholeExitCode)
    const loaded = results.flatMap((run) => run.results).filter(({ status }) => status === 'loaded')
    expect(new Set(loaded.map(({ dataset }) => dataset)).size).toBe(5)
  })

  test.each(casesOf(true))('without $action of $policy ends with exit 2 and names it', async ({ policy, action }) => {
    const { exitCode, text } = await withPolicy(
      policy,
      (whole) => withoutAction(whole, action),
      () => exercise('loader-snowflake'),
    )
    expect(text).toContain(action)
    expect(exitCode).toBe(2)
  })
})
