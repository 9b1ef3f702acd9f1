import { z } from 'zod'
import { ConfigError } from '../errors/config-error.ts'

/** What a setting is documented with: a sentence, and the value that `.env.example` shows. */
export interface SettingNotes {
  description: string
  example: string
}

/** A setting that must be there. */
export function requiredSetting(notes: SettingNotes): z.ZodString {
  return z
    .string({ error: 'is not set' })
    .min(1, 'is empty')
    .meta({ ...notes })
}

/** A setting that may be left out. */
export function optionalSetting(notes: SettingNotes): z.ZodOptional<z.ZodString> {
  return z
    .string()
    .min(1, 'is empty')
    .optional()
    .meta({ ...notes })
}

/** A whole number with a default. */
export function numberSetting(
  notes: SettingNotes & { default: number; min: number; max: number },
): z.ZodDefault<z.ZodCoercedNumber> {
  return z.coerce
    .number({ error: 'is not a number' })
    .int('is not a whole number')
    .min(notes.min, `is less than ${notes.min}`)
    .max(notes.max, `is more than ${notes.max}`)
    .default(notes.default)
    .meta({ description: notes.description, example: notes.example })
}

/**
 * Parses the settings of an app from the environment, once. An empty variable counts as not set. Throws a ConfigError
 * that lists every fault at once, each with what the setting is for; a value is never shown.
 */
export function parseSettings<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  environment: NodeJS.ProcessEnv,
): z.infer<z.ZodObject<Shape>> {
  const present = Object.fromEntries(
    Object.keys(schema.shape).flatMap((name) => {
      const value = environment[name]
      return value === undefined || value === '' ? [] : [[name, value]]
    }),
  )
  const parsed = schema.safeParse(present)
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map((issue) => {
    const name = String(issue.path[0] ?? '')
    const notes = settingNotes(schema, name)
    return `${name} ${issue.message}: ${notes.description} For example ${name}=${notes.example}`
  })
  throw new ConfigError('settings', `${faults.length} of the settings are wrong\n  ${faults.join('\n  ')}`)
}

/** The notes of one setting of a schema. */
export function settingNotes(schema: z.ZodObject, name: string): SettingNotes {
  const field = (schema.shape as Record<string, z.ZodType | undefined>)[name]
  const { description = '', example } = field?.meta() ?? innerType(field)?.meta() ?? {}
  return { description, example: typeof example === 'string' ? example : '' }
}

// Metadata does not follow a schema into its default or its optional form.
function innerType(field: z.ZodType | undefined): z.ZodType | undefined {
  return field instanceof z.ZodDefault || field instanceof z.ZodOptional ? (field.unwrap() as z.ZodType) : undefined
}
