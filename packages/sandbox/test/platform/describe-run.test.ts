import { expect, test } from 'vitest'
import { endStep } from '../../src/platform/describe-run.ts'
import type { RunResult } from '@coretelecoms/core'
import { partition, run } from './results.ts'

function tell(result: RunResult): string[] {
  const told: string[] = []
  const step = {
    update: () => undefined,
    done: (detail: string) => told.push(`done ${detail}`),
    fail: (detail: string) => told.push(`fail ${detail}`),
  }
  endStep(step, result, result.results)
  return told
}

const failed = (day: number, message: string) =>
  partition('agents', `2025-11-${day}`, 'failed', { error: { code: 'x', message, is_retryable: false } })

test('a run that published is done, also where a day is not delivered yet', () => {
  const results = [
    partition('agents', '2025-11-20', 'published'),
    partition('agents', '2025-11-21', 'unchanged'),
    partition('agents', '2025-11-22', 'unchanged'),
    partition('call_logs', '2025-11-22', 'not_delivered'),
  ]
  expect(tell(run(results))).toEqual(['done 1 published, 2 unchanged, 1 not delivered'])
})

test('a run that failed says why, each reason once', () => {
  const results = [
    partition('agents', '2025-11-19', 'published'),
    failed(20, 'no'),
    failed(21, 'no'),
    failed(22, 'never'),
  ]
  expect(tell(run(results))).toEqual(['fail 1 published, 3 failed\n  no\n  never'])
})

test('a run that failed before its first delivery says why', () => {
  const error = { code: 'settings', message: 'CX_RAW_BUCKET is missing', is_retryable: false }
  expect(tell(run([], { exit_code: 2, error }))).toEqual(['fail   CX_RAW_BUCKET is missing'])
})

test('many reasons do not fill the screen', () => {
  const results = Array.from({ length: 9 }, (_, index) => failed(10 + index, `reason ${index}`))
  const [told = ''] = tell(run(results))
  expect(told.split('\n')).toHaveLength(7)
  expect(told).toMatch(/ {2}reason 4\n {2}and 4 more, in the log$/)
})
