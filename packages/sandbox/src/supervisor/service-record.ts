import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { readProcessIdentity } from './process-identity.ts'

/** How a service may ask to be asked to stop. */
export type StopSignal = (typeof stopSignals)[number]

const stopSignals = ['SIGTERM', 'SIGINT'] as const

const serviceRecord = z.object({
  name: z.string(),
  pid: z.int().positive(),
  identity: z.string(),
  stopSignal: z.enum(stopSignals),
  ownerPid: z.int().positive(),
  ownerIdentity: z.string(),
})

/** What is written down about a running service, so that a later start finds it if this one is killed. */
export type ServiceRecord = z.infer<typeof serviceRecord>

/** Writes down that a process of ours runs. Returns what takes the record away again. */
export async function recordService(options: {
  directory: string
  name: string
  pid: number
  stopSignal: StopSignal
}): Promise<() => Promise<void>> {
  const { directory, name, pid, stopSignal } = options
  const [identity, ownerIdentity] = await Promise.all([readProcessIdentity(pid), readProcessIdentity(process.pid)])
  const file = join(directory, `${name}.json`)
  // Already gone: the start itself will say so.
  if (identity === undefined || ownerIdentity === undefined) return () => Promise.resolve()
  const record: ServiceRecord = { name, pid, identity, stopSignal, ownerPid: process.pid, ownerIdentity }
  await mkdir(directory, { recursive: true })
  await writeFile(file, JSON.stringify(record))
  return () => rm(file, { force: true })
}

/** Reads every record of a folder; a half-written or foreign file is none, and is taken away. */
export async function readServiceRecords(directory: string): Promise<ServiceRecord[]> {
  const names = await readdir(directory).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  })
  const records: ServiceRecord[] = []
  for (const name of names.filter((each) => each.endsWith('.json')).sort()) {
    const parsed = serviceRecord.safeParse(parseJson(await readFile(join(directory, name), 'utf8')))
    if (parsed.success && `${parsed.data.name}.json` === name) records.push(parsed.data)
    else await rm(join(directory, name), { force: true })
  }
  return records
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
