import { dailyFileName } from '../file-names.ts'
import { dailyDatasetNames } from '../world.ts'
import type { DailyDatasetName } from '../world.ts'
import { agentCount, writeAgentsCsv } from './agents-csv.ts'
import { writeCustomersCsv } from './customers-csv.ts'
import { writeDailyCsv } from './daily-csv.ts'
import { declareFile } from './declaration.ts'
import type { FileDeclaration } from './declaration.ts'
import { writeSocialMediaJson } from './social-media-json.ts'
import type { Piece } from './text-stream.ts'
import { worldDays, worldSize } from './world-size.ts'
import type { WorldOptions } from './world-size.ts'

/** A file that is going to be generated. */
export interface PlannedFile {
  readonly name: string
  readonly rows: number
  /** Complete once every piece is taken. */
  readonly declaration: FileDeclaration
  /** Makes the content; to be taken once. */
  pieces(): Iterable<Piece>
}

/** Every file of a generated world. Where there are two days or more, the last has no social media yet. */
export function planFiles(options: WorldOptions): PlannedFile[] {
  const days = worldDays(options)
  return [
    planCustomers(options),
    planAgents(options),
    ...days.flatMap((_, dayIndex) =>
      dailyDatasetNames
        .filter((dataset) => !isUndelivered(dataset, dayIndex, days))
        .map((dataset) => planDay(options, dataset, dayIndex)),
    ),
  ]
}

function isUndelivered(dataset: DailyDatasetName, dayIndex: number, days: readonly string[]): boolean {
  return dataset === 'social_media' && days.length > 1 && dayIndex === days.length - 1
}

function planCustomers(options: WorldOptions): PlannedFile {
  const rows = worldSize(options).customers
  const declaration = declareFile('customers')
  const pieces = () => writeCustomersCsv({ seed: options.seed, rows, declaration })
  return { name: 'customers_dataset.csv', rows, declaration, pieces }
}

function planAgents(options: WorldOptions): PlannedFile {
  const declaration = declareFile('agents')
  return {
    name: 'agents.csv',
    rows: agentCount + 1,
    declaration,
    pieces: () => writeAgentsCsv(options.seed, declaration),
  }
}

function planDay(options: WorldOptions, dataset: DailyDatasetName, dayIndex: number): PlannedFile {
  const days = worldDays(options)
  const size = worldSize(options)
  const day = days[dayIndex] as string
  const declaration = declareFile(dataset, day)
  const delivery = { seed: options.seed, dataset, size, days, dayIndex, declaration }
  const pieces = () => (dataset === 'social_media' ? writeSocialMediaJson(delivery) : writeDailyCsv(delivery))
  return { name: dailyFileName(dataset, day), rows: size[dataset], declaration, pieces }
}
