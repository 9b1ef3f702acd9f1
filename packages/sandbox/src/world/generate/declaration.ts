import type { DatasetName } from '../world.ts'

/** What the generator put into one file on purpose. */
export interface FileDeclaration {
  readonly dataset: DatasetName
  readonly day: string | undefined
  /** Records after the header, bad ones included. */
  rows: number
  /** Bad rows by the reason of the contract, for example `cast:agent_id`. */
  readonly quarantined: Record<string, number>
  /** Values that land although the contract does not list them, by rule: `allowed:<column>`. */
  readonly warnings: Record<string, number>
  /** Complaints that an earlier day delivered with another status. */
  redelivered: number
  /** Complaints whose customer is in no customers file. */
  unknownCustomers: number
  /** Complaints whose agent is not in the agents file. */
  unknownAgents: number
}

/** Starts the declaration of a file. */
export function declareFile(dataset: DatasetName, day?: string): FileDeclaration {
  return { dataset, day, rows: 0, quarantined: {}, warnings: {}, redelivered: 0, unknownCustomers: 0, unknownAgents: 0 }
}
