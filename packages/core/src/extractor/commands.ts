import pRetry from 'p-retry'
import type { CommandContext, CommandDefinition } from '../cli/program.ts'
import { exitCodeOf, resultError } from '../cli/result.ts'
import { type Outcome, settle } from '../cli/settle.ts'
import type { Dataset } from '../datasets/define-dataset.ts'
import { ConfigError } from '../errors/config-error.ts'
import type { Delivery } from '../landing/delivery.ts'
import { landDelivery, type LandResult } from '../landing/land-delivery.ts'
import type { LandingPolicy } from '../landing/policy.ts'
import type { ObjectStore } from '../object-store/object-store.ts'
import { manifestKey, partitionPrefix } from '../raw-zone/keys.ts'
import { restore, restoreFlags } from './restore.ts'
import type { Source } from './source.ts'

/** What an extractor connects to before its first delivery. */
export interface Connection<Kind extends Delivery> {
  readonly source: Source<Kind>
  readonly store: ObjectStore
}

const guardFlags = [
  [
    '--contract <mode>',
    'unknown columns: freeze stops the run, evolve lands them in _extra; default: as the contract says',
  ],
  ['--allow-quarantined', 'publish although too many rows break the contract'],
  ['--allow-volume-drop', 'publish although far fewer rows came than the last time'],
  ['--allow-empty', 'publish a delivery of no rows'],
] as const

// A cut connection or a restarted server costs one more reading; what lasts longer is the scheduler's to retry.
const retries = 2

/** The commands of an extractor, over one kind of source: `run`, `check` and `restore`. */
export function extractorCommands<Kind extends Delivery>(
  connect: (context: CommandContext) => Promise<Connection<Kind>>,
): CommandDefinition[] {
  return [
    {
      name: 'run',
      description: 'land deliveries in the raw zone',
      needsDate: true,
      flags: guardFlags,
      run: (context) => forEachDelivery(context, connect, land),
    },
    {
      name: 'check',
      description: 'prove settings, credentials, reachability and the contract; moves no data',
      needsDate: true,
      run: (context) => forEachDelivery(context, connect, check),
    },
    {
      name: 'restore',
      description: 'make an earlier load of a day its publication again',
      needsDate: true,
      flags: restoreFlags,
      run: async (context) => {
        const { source, store } = await connect(context)
        try {
          await restore(context, store)
        } finally {
          await source.close()
        }
      },
    },
  ]
}

interface Work<Kind extends Delivery> extends Connection<Kind> {
  context: CommandContext
  dataset: Dataset
  date: string
}

async function forEachDelivery<Kind extends Delivery>(
  context: CommandContext,
  connect: (context: CommandContext) => Promise<Connection<Kind>>,
  handle: (work: Work<Kind>) => Promise<Outcome>,
): Promise<void> {
  const connection = await connect(context)
  try {
    for (const dataset of context.datasets) {
      for (const date of context.dates) {
        context.signal.throwIfAborted()
        const work = (): Promise<Outcome> => handle({ ...connection, context, dataset, date })
        context.emit(await settle({ context, dataset, date, work }))
      }
    }
  } finally {
    await connection.source.close()
  }
}

async function check<Kind extends Delivery>({ source, context, dataset, date }: Work<Kind>): Promise<Outcome> {
  await source.check({ dataset, date, signal: context.signal })
  context.reporter.info(`${dataset.name} ${date}: source, credentials and contract are in order`)
  return { status: 'checked' }
}

async function land<Kind extends Delivery>(work: Work<Kind>): Promise<Outcome> {
  const { source, context, dataset, date } = work
  const { signal } = context
  return pRetry(() => source.withDelivery({ dataset, date, signal }, (delivery) => landOpened(work, delivery)), {
    retries,
    signal,
    shouldRetry: ({ error }) => isWorthRetry(error) && !signal.aborted,
    onFailedAttempt: ({ error, retriesLeft }) => {
      if (isWorthRetry(error) && retriesLeft > 0) {
        context.reporter.info(`${dataset.name} ${date}: reading again from the start, ${resultError(error).message}`)
      }
    },
  })
}

// Who lost a race would publish over the winner; whether that is wanted is not this run's to say.
function isWorthRetry(error: unknown): boolean {
  return exitCodeOf(error) === 1 && resultError(error).code !== 'race_lost'
}

async function landOpened<Kind extends Delivery>(work: Work<Kind>, delivery: Kind): Promise<Outcome> {
  const { source, store, context, dataset, date } = work
  if (context.isDryRun) {
    const target = `s3://${store.bucket}/${partitionPrefix({ dataset, date })}`
    context.reporter.info(`${dataset.name} ${date}: would read ${delivery.identity.uri} and write to ${target}`)
    return { status: 'planned', source: { ...delivery.identity }, target }
  }
  const step = context.reporter.step(`${dataset.name} ${date}`, delivery.identity.bytes)
  try {
    const result = await landDelivery({
      store,
      dataset,
      date,
      runId: context.runId,
      delivery,
      write: (opened, options) => source.write(opened, options),
      policy: landingPolicy(context.flags),
      isForced: context.isForced,
      producer: `${context.app.name}/${context.app.version}`,
      now: () => new Date(),
      onProgress: (progress) => step.update(progress),
      signal: context.signal,
    })
    step.end(describe(result))
    return outcomeOf(result, work)
  } catch (error) {
    step.end('failed')
    throw error
  }
}

function describe(result: LandResult): string {
  const { read, landed, quarantined } = result.manifest.counts
  if (result.status === 'unchanged') return `unchanged since run ${result.manifest.run_id}`
  return `published: ${read} read = ${landed} landed + ${quarantined} quarantined`
}

function outcomeOf<Kind extends Delivery>(result: LandResult, { dataset, date }: Work<Kind>): Outcome {
  const { manifest, status } = result
  const publishedDate = result.status === 'unchanged' ? result.date : date
  return {
    status,
    load_id: manifest.load_id,
    published_date: publishedDate,
    manifest_key: manifestKey({ dataset, date: publishedDate }, manifest.load_id),
    read: manifest.counts.read,
    landed: manifest.counts.landed,
    quarantined: manifest.counts.quarantined,
    warnings: manifest.counts.warnings,
    ...(result.status === 'published' ? { reasons: result.reasons } : {}),
  }
}

function landingPolicy(flags: CommandContext['flags']): LandingPolicy {
  const contract = flags['contract']
  if (contract !== undefined && contract !== 'freeze' && contract !== 'evolve') {
    throw new ConfigError(
      'contract',
      '--contract is freeze (an unknown column stops the run) or evolve (it lands in _extra)',
    )
  }
  return {
    unknownColumns: contract,
    allowQuarantined: flags['allowQuarantined'] === true,
    allowVolumeDrop: flags['allowVolumeDrop'] === true,
    allowEmpty: flags['allowEmpty'] === true,
  }
}
