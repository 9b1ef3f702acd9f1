import { type ExitCode, type RunResult } from '@coretelecoms/core'
import { DeleteObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AppName } from '../../src/platform/run-app.ts'
import {
  type PolicyDocument,
  policyActions,
  readPolicyTemplate,
  renderPolicy,
  withoutAction,
} from '../../src/services/aws/policy.ts'
import { bucketNames } from '../../src/services/aws/topology.ts'
import { type RunningServices, startRunningServices } from './running-services.ts'

const day = '2025-11-20'
/** Nothing is delivered on it: a day that is missing takes a verb of its own to be told from a day that is denied. */
const lateDay = '2025-11-21'
const days = `${day}..${lateDay}`
const values = {
  raw_bucket: 'raw',
  source_bucket: 'source',
  own_account_id: '222222222222',
  source_account_id: '111111111111',
  region: 'eu-north-1',
}

/** What is run under each policy so that all of its verbs are needed. */
const runs: Record<AppName, readonly (readonly string[])[]> = {
  'extract-s3': [['run', '--date', days]],
  'extract-postgres': [['run', '--date', days]],
  'extract-sheets': [['run', '--date', days]],
  'loader-snowflake': [['migrate'], ['run', '--date', days, '--force']],
}
/** How it ends under the whole policy. */
const wholeExitCodes: Record<AppName, ExitCode> = {
  'extract-s3': 3,
  'extract-postgres': 3,
  'extract-sheets': 0,
  'loader-snowflake': 3,
}
const policies: readonly { policy: string; app: AppName; isSource: boolean }[] = [
  { policy: 'extract-s3', app: 'extract-s3', isSource: false },
  { policy: 'source-objects', app: 'extract-s3', isSource: true },
  { policy: 'extract-postgres', app: 'extract-postgres', isSource: false },
  { policy: 'source-parameters', app: 'extract-postgres', isSource: true },
  { policy: 'extract-sheets', app: 'extract-sheets', isSource: false },
  { policy: 'loader-snowflake', app: 'loader-snowflake', isSource: false },
]

const cases = (
  await Promise.all(
    policies.map(async (each) => {
      const rendered = renderPolicy({ name: each.policy, template: await readPolicyTemplate(each.policy), values })
      return policyActions(rendered).map((action) => ({ ...each, action }))
    }),
  )
).flat()

let running: RunningServices
beforeAll(async () => {
  running = await startRunningServices(day)
})
afterAll(() => running.stop())

/** An extractor begins with a raw zone that has nothing of its datasets, as on the first day. */
async function emptyRawZone(app: AppName): Promise<void> {
  if (app === 'loader-snowflake') return
  const { s3 } = running.services.aws.administrators.own.clients
  const listed = await s3.send(new ListObjectsV2Command({ Bucket: bucketNames.own, Prefix: 'raw/' }))
  for (const { Key } of listed.Contents ?? []) {
    if (Key?.endsWith('/current.json')) await s3.send(new DeleteObjectCommand({ Bucket: bucketNames.own, Key }))
  }
}

async function run(app: AppName): Promise<{ exitCode: ExitCode; text: string }> {
  const results: RunResult[] = []
  await emptyRawZone(app)
  for (const words of runs[app]) {
    const result = await running.run(app, words)
    results.push(result)
    if (result.exit_code !== 0) break
  }
  return { exitCode: results.at(-1)?.exit_code ?? 0, text: JSON.stringify(results) }
}

async function landEverything(): Promise<void> {
  for (const app of ['extract-s3', 'extract-postgres', 'extract-sheets'] as const) {
    const { exitCode } = await run(app)
    expect(exitCode).toBe(wholeExitCodes[app])
  }
}

async function withPolicy<Result>(
  options: { app: AppName; isSource: boolean; change: (policy: PolicyDocument) => PolicyDocument },
  use: () => Promise<Result>,
): Promise<Result> {
  const { aws } = running.services
  const { app, isSource, change } = options
  if (isSource) {
    if (app !== 'extract-s3' && app !== 'extract-postgres')
      throw new TypeError(`${app} has no role in the source account`)
    const whole = aws.sourcePolicy(app)
    await aws.replaceSourcePolicy(app, change(whole))
    return use().finally(() => aws.replaceSourcePolicy(app, whole))
  }
  const whole = aws.appPolicy(app)
  await aws.replaceAppPolicy(app, change(whole))
  return use().finally(() => aws.replaceAppPolicy(app, whole))
}

describe('each app runs under its own policy', () => {
  test.each(Object.keys(runs) as AppName[])('%s needs no more than its policy', async (app) => {
    if (app === 'loader-snowflake') await landEverything()
    const { exitCode, text } = await run(app)
    expect(text).not.toContain('access_denied')
    expect(exitCode).toBe(wholeExitCodes[app])
  })

  test('there is a case for every verb of every policy', () => {
    expect(cases.length).toBeGreaterThanOrEqual(policies.length)
  })

  test.each(cases)('$policy without $action: $app ends with exit 2 and names it', async ({ app, isSource, action }) => {
    if (app === 'loader-snowflake') await landEverything()
    const change = (policy: PolicyDocument): PolicyDocument => withoutAction(policy, action)
    const { exitCode, text } = await withPolicy({ app, isSource, change }, () => run(app))
    expect(text).toContain(action)
    expect(exitCode).toBe(2)
  })
})
