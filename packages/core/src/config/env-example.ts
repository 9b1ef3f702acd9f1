import type { z } from 'zod'
import { settingNotes } from './settings.ts'

/** The settings of one app. */
export interface SettingsSection {
  readonly app: string
  readonly schema: z.ZodObject
}

/**
 * The text of `.env.example`: every setting of every app once, under the first app that has it, with what it is for. A
 * setting that may be left out is commented out.
 */
export function envExample(sections: readonly SettingsSection[]): string {
  const seen = new Set<string>()
  const blocks = sections.map(({ app, schema }) => {
    const names = Object.keys(schema.shape).filter((name) => !seen.has(name))
    for (const name of names) seen.add(name)
    return [`# ${app}`, ...names.flatMap((name) => describeSetting(schema, name))].join('\n')
  })
  return `${[heading, ...blocks].join('\n\n')}\n`
}

const heading = `# Settings of the apps. Flags > environment > default. Commented out: may be left out.
# AWS credentials and endpoints are the SDK's own variables: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN
# or a role of the machine; AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL_SSM and AWS_ENDPOINT_URL_STS point at an emulator.`

function describeSetting(schema: z.ZodObject, name: string): string[] {
  const { description, example } = settingNotes(schema, name)
  const field = (schema.shape as Record<string, z.ZodType>)[name]
  const isOptional = field?.safeParse(undefined).success === true
  return [`# ${description}`, `${isOptional ? '# ' : ''}${name}=${example}`]
}
