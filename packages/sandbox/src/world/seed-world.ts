import { seedAgentsSheet } from './seed/agents-sheet.ts'
import type { SheetTarget } from './seed/agents-sheet.ts'
import type { SeedOptions } from './seed/seed-options.ts'
import { seedSourceObjects } from './seed/source-objects.ts'
import type { ObjectTarget } from './seed/source-objects.ts'
import { seedWebFormTables } from './seed/web-form-tables.ts'
import type { TableTarget } from './seed/web-form-tables.ts'
import type { World } from './world.ts'

/** The local services that stand for the sources, each under a client that may write. */
export interface SeedTargets {
  readonly objects: ObjectTarget
  readonly webForms: TableTarget
  readonly sheet: SheetTarget
}

/**
 * Makes the local sources hold a world and nothing else of an earlier one. What is there already stays untouched, so
 * that a second run on the same world finds its sources unchanged.
 */
export async function seedWorld(world: World, targets: SeedTargets, options: SeedOptions = {}): Promise<void> {
  await seedAgentsSheet(world, targets.sheet, options)
  await seedWebFormTables(world, targets.webForms, options)
  await seedSourceObjects(world, targets.objects, options)
}
