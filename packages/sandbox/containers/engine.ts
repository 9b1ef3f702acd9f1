import { execa } from 'execa'
import { z } from 'zod'

/** The images of the platform, by the names of their steps. */
export const appImages = ['extract-s3', 'extract-postgres', 'extract-sheets', 'loader-snowflake'] as const
export const stepImages = [...appImages, 'dbt'] as const

/** The user that every step runs as. */
export const stepUser = '10001:10001'

/** What an image says of itself. */
const imageSchema = z.object({
  Config: z.object({
    User: z.string(),
    Env: z.array(z.string()).nullish(),
    Entrypoint: z.array(z.string()),
    Labels: z.record(z.string(), z.string()),
    StopSignal: z.string().optional(),
  }),
})
export type ImageConfig = z.infer<typeof imageSchema>['Config']

/** The full name of an image, as scripts/images.mjs tags it. */
export function imageNamed(name: string): string {
  return `${process.env['CX_IMAGE_PREFIX'] ?? 'coretelecoms/'}${name}:${process.env['CX_IMAGE_TAG'] ?? 'dev'}`
}

/** Asks the engine that the command `docker` speaks to. Throws with its words when it refuses. */
export async function docker(...words: string[]): Promise<string> {
  const { stdout } = await execa('docker', words, { stdin: 'ignore' })
  return stdout
}

/** What an image says of itself. */
export async function inspectImage(name: string): Promise<ImageConfig> {
  const [image] = z.array(imageSchema).parse(JSON.parse(await docker('image', 'inspect', name)))
  if (!image) throw new Error(`the engine says nothing of ${name}`)
  return image.Config
}

/** Every layer with the command that made it, the newest first. */
export async function readHistory(name: string): Promise<string> {
  return docker('history', '--no-trunc', '--format', '{{.CreatedBy}}', name)
}

const listings = new Map<string, Promise<string[]>>()

/** Paths of all files in an image, read once and without starting it. */
export function listImageFiles(name: string): Promise<string[]> {
  const listing = listings.get(name) ?? readImageFiles(name)
  listings.set(name, listing)
  return listing
}

async function readImageFiles(name: string): Promise<string[]> {
  const container = (await docker('create', name)).trim()
  try {
    const archive = execa('docker', ['export', container], { stdin: 'ignore', buffer: false, encoding: 'buffer' })
    const { stdout } = await archive.pipe('tar', ['--list'])
    return stdout.split('\n')
  } finally {
    await docker('rm', '--force', container)
  }
}
