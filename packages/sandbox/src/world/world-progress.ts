/** How far a long step over the files of a world is. */
export interface WorldProgress {
  /** `generate` counts rows, `seed` counts bytes. */
  readonly step: 'generate' | 'seed'
  /** File, object or table at work. */
  readonly item: string
  readonly done: number
  readonly total: number
  /** What ended with the item; undefined while it is under way. */
  readonly outcome?: 'written' | 'unchanged' | 'removed'
}
