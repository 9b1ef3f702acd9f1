import type { Dataset, UnknownColumns } from '../datasets/define-dataset.ts'
import { ContractError } from '../errors/contract-error.ts'
import type { Publication } from '../raw-zone/publication.ts'
import type { WrittenDelivery } from './delivery.ts'

/** Guards a run may override; each override that mattered is recorded in the manifest. */
export interface LandingPolicy {
  readonly unknownColumns: UnknownColumns | undefined
  readonly allowQuarantined: boolean
  readonly allowVolumeDrop: boolean
  readonly allowEmpty: boolean
}

/** What the guards look at. */
export interface GuardInput {
  dataset: Dataset
  /** For messages: `call_logs 2025-11-20`. */
  name: string
  written: WrittenDelivery
  quarantined: number
  /** Why rows were set aside, by reason: for the message. */
  reasons: Readonly<Record<string, number>>
  /** The last publication of the dataset, on or before this day. */
  latest: Publication | undefined
  policy: LandingPolicy
}

/**
 * Decides whether what was written may be published: throws a ContractError with what was seen when the delivery holds
 * no rows, too many bad ones, or far fewer than the last. Returns the overrides that were needed.
 */
export function guardPublication(input: GuardInput): string[] {
  const breaches = [findEmpty(input), findQuarantined(input), findVolumeDrop(input)].filter(
    (breach) => breach !== undefined,
  )
  const refused = breaches.filter((breach) => !breach.isAllowed)
  if (refused.length > 0) {
    throw new ContractError(
      refused[0]?.code ?? 'guard',
      `${input.name}: ${refused.map((breach) => breach.message).join('; ')}`,
      {
        context: { read: input.written.rowsRead, quarantined: input.quarantined },
      },
    )
  }
  return breaches.map((breach) => breach.flag)
}

interface Breach {
  code: string
  flag: string
  isAllowed: boolean
  message: string
}

function findEmpty({ written, policy }: GuardInput): Breach | undefined {
  if (written.rowsRead > 0) return undefined
  return {
    code: 'empty_delivery',
    flag: '--allow-empty',
    isAllowed: policy.allowEmpty,
    message: 'the delivery holds a header and no rows; publish it with --allow-empty if that is right',
  }
}

function findQuarantined({ dataset, written, quarantined, reasons, policy }: GuardInput): Breach | undefined {
  if (quarantined <= dataset.maxQuarantinedRatio * written.rowsRead) return undefined
  const list = Object.entries(reasons).map(([reason, rows]) => `${reason} ${rows}`)
  return {
    code: 'quarantined_ratio',
    flag: '--allow-quarantined',
    isAllowed: policy.allowQuarantined,
    message: `${quarantined} of ${written.rowsRead} rows break the contract (${list.join(', ')}), more than ${dataset.maxQuarantinedRatio * 100} %; nothing is published; mend the delivery, or land the rest with --allow-quarantined`,
  }
}

function findVolumeDrop({ dataset, written, latest, policy }: GuardInput): Breach | undefined {
  const before = latest?.manifest.counts.read ?? 0
  if (written.rowsRead >= dataset.minRowRatio * before) return undefined
  return {
    code: 'volume_drop',
    flag: '--allow-volume-drop',
    isAllowed: policy.allowVolumeDrop,
    message: `${written.rowsRead} rows where the last publication had ${before}, less than ${dataset.minRowRatio * 100} %; nothing is published; if that is right, run with --allow-volume-drop`,
  }
}
