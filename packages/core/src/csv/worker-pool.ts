/** Runs tasks on a fixed set of workers. */
export interface WorkerPool<Worker> {
  /** Starts a task as soon as a worker is idle; throws the first failure of an earlier one. */
  submit(task: (worker: Worker) => Promise<void>): Promise<void>
  /** Waits until every worker is idle; throws the first failure. */
  drain(): Promise<void>
  /** Waits until every worker is idle; never throws. */
  settle(): Promise<void>
}

/** Makes a pool. After a failure, told at once to `onFailure`, no further task starts. */
export function createWorkerPool<Worker>(
  workers: readonly Worker[],
  onFailure: (error: unknown) => void,
): WorkerPool<Worker> {
  const idle = [...workers]
  let ended = Promise.withResolvers<undefined>()
  let failure: { error: unknown } | undefined

  async function run(worker: Worker, task: (worker: Worker) => Promise<void>): Promise<void> {
    try {
      await task(worker)
    } catch (error) {
      if (!failure) {
        failure = { error }
        onFailure(error)
      }
    }
    idle.push(worker)
    ended.resolve(undefined)
    ended = Promise.withResolvers<undefined>()
  }
  async function settle(): Promise<void> {
    while (idle.length < workers.length) await ended.promise
  }
  function throwFailure(): void {
    if (failure) throw failure.error
  }
  return {
    settle,
    async submit(task) {
      let worker = idle.pop()
      while (worker === undefined) {
        await ended.promise
        worker = idle.pop()
      }
      if (failure) idle.push(worker)
      throwFailure()
      void run(worker, task)
    },
    async drain() {
      await settle()
      throwFailure()
    },
  }
}
