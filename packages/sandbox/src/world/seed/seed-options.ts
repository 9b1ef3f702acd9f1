import type { WorldProgress } from '../world-progress.ts'

/** What a seeding step tells and listens to. */
export interface SeedOptions {
  readonly onProgress?: (progress: WorldProgress) => void
  readonly signal?: AbortSignal
}
