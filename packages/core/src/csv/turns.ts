/** Lets work that runs side by side do one step in the order of its numbers. */
export interface Turns {
  /** Waits until every number below has ended its turn, however it ended. */
  wait(number: number): Promise<void>
  end(number: number): void
}

/** Makes turns for the numbers 0, 1, 2, … */
export function createTurns(): Turns {
  const ended = new Map<number, PromiseWithResolvers<undefined>>()
  function turn(number: number): PromiseWithResolvers<undefined> {
    const existing = ended.get(number)
    if (existing) return existing
    const created = Promise.withResolvers<undefined>()
    ended.set(number, created)
    return created
  }
  return {
    async wait(number) {
      if (number > 0) await turn(number - 1).promise
    },
    end: (number) => turn(number).resolve(undefined),
  }
}
