import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { appDecisions } from '../../src/least-privilege/app-decisions.ts'
import type { Decision } from '../../src/least-privilege/decision.ts'
import { deploymentDecisions } from '../../src/least-privilege/deployment-decisions.ts'
import { renderPolicies } from '../../src/least-privilege/rendered-policies.ts'
import type { AwsService } from '../../src/services/aws/start.ts'
import { startLocalAws } from '../services/aws/local-aws.ts'
import { createSandboxJudge, type SandboxJudge } from './sandbox-judge.ts'
import { simulate } from './simulator-judge.ts'

const policies = await renderPolicies()
const rows = [...appDecisions(), ...deploymentDecisions()]

function sentence({ role, action, resource, context, isAllowed }: Decision): string {
  const given = Object.entries(context).map(([key, value]) => `${key} ${value}`)
  return `${role} ${isAllowed ? 'may' : 'may not'} ${action} on ${resource}${given.length > 0 ? ` with ${given.join(', ')}` : ''}`
}

let folder: string
let service: AwsService
let sandbox: SandboxJudge
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cx-privilege-'))
  service = await startLocalAws(folder)
  sandbox = await createSandboxJudge(service, policies, rows)
})
afterAll(async () => {
  await service.stop()
  await rm(folder, { recursive: true, force: true })
})

describe('both judges agree with the table', () => {
  test.each(rows.map((row) => [sentence(row), row] as const))('%s', async (_, row) => {
    const { isAllowed } = await simulate(row, policies)
    expect({ simulator: isAllowed }).toEqual({ simulator: row.isAllowed })
    if (row.notAsked !== undefined) return
    expect({ sandbox: await sandbox.ask(row) }).toEqual({ sandbox: row.isAllowed })
  })
})

test('no row stands twice', () => {
  const sentences = rows.map((row) => sentence({ ...row, isAllowed: true }))
  expect(sentences.filter((each, index) => sentences.indexOf(each) !== index)).toEqual([])
})

test('every statement of every policy decides a row', async () => {
  const decided = new Set<string>()
  for (const row of rows) {
    const { statements } = await simulate(row, policies)
    for (const sid of statements) decided.add(`${row.role} ${sid}`)
  }
  const stated = [...policies]
    .filter(([name]) => name !== 'boundary')
    .flatMap(([name, { Statement }]) => Statement.map(({ Sid }) => `${name} ${Sid}`))
  expect(stated.filter((each) => !decided.has(each))).toEqual([])
})

test('every role is refused something that another role may do', () => {
  for (const role of [...policies.keys()].filter((name) => name !== 'boundary')) {
    const own = rows.filter((row) => row.role === role)
    const refused = own.filter(({ isAllowed }) => !isAllowed)
    expect([role, own.length > refused.length, refused.length > 0]).toEqual([role, true, true])
  }
})
