import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

const stateSchema = z.object({
  /** Which world the raw zone and the warehouse were filled from. */
  lineage: z.string(),
  days: z.array(z.string()),
  /** What the models were last built from; null when they were not built yet. */
  modelledFrom: z.string().nullable(),
})

/** What a sandbox folder remembers between runs. */
export type SandboxState = z.infer<typeof stateSchema>

/** Reads the state of a sandbox folder; undefined when there is none or it is not one. */
export async function readSandboxState(sandboxDirectory: string): Promise<SandboxState | undefined> {
  const text = await readFile(stateFile(sandboxDirectory), 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  })
  return text === undefined ? undefined : stateSchema.parse(JSON.parse(text))
}

/** Writes the state of a sandbox folder, whole or not at all. */
export async function writeSandboxState(sandboxDirectory: string, state: SandboxState): Promise<void> {
  const file = stateFile(sandboxDirectory)
  await writeFile(`${file}.partial`, `${JSON.stringify(state, undefined, 2)}\n`)
  await rename(`${file}.partial`, file)
}

function stateFile(sandboxDirectory: string): string {
  return join(sandboxDirectory, 'state.json')
}
