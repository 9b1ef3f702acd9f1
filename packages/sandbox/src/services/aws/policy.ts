import { readFile } from 'node:fs/promises'
import { z } from 'zod'

const stringOrList = z.union([z.string(), z.array(z.string()).min(1)])

const policyDocument = z.strictObject({
  Version: z.literal('2012-10-17'),
  Statement: z
    .array(
      z.strictObject({
        Sid: z.string().regex(/^[A-Za-z0-9]+$/),
        Effect: z.enum(['Allow', 'Deny']),
        Action: stringOrList,
        Resource: stringOrList.optional(),
        Principal: z.record(z.string(), stringOrList).optional(),
        Condition: z.record(z.string(), z.record(z.string(), stringOrList)).optional(),
      }),
    )
    .min(1),
})

/** An IAM policy, of permissions or of trust. */
export type PolicyDocument = z.infer<typeof policyDocument>

/** What the placeholders of a template stand for. */
export type PolicyValues = Readonly<Record<string, string>>

const templateFolder = new URL('../../../../../infra/policies/', import.meta.url)

/** Reads the policy template `infra/policies/<name>.json`, the one that a real deployment ships too. */
export function readPolicyTemplate(name: string): Promise<string> {
  return readFile(new URL(`${name}.json`, templateFolder), 'utf8')
}

/**
 * Puts values in the place of `${name}` in a template, the way Terraform's `templatefile` does. Throws when the template
 * names a value that is not given, holds a placeholder that does not end, or comes out as no policy. (IAM's own
 * `${aws:…}` variables have the same shape; none is used.)
 */
export function renderPolicy(options: { name: string; template: string; values: PolicyValues }): PolicyDocument {
  const { name, template, values } = options
  const unknown = new Set<string>()
  const text = template.replaceAll(/\$\{([^}"]*)\}?/g, (placeholder, key: string) => {
    const value = placeholder.endsWith('}') && Object.hasOwn(values, key) ? values[key] : undefined
    if (value === undefined) unknown.add(placeholder)
    // Inside a JSON string: a quote in a value must not end it.
    return value === undefined ? placeholder : JSON.stringify(value).slice(1, -1)
  })
  if (unknown.size > 0) {
    const known = Object.keys(values).sort().join(', ')
    throw new Error(`policy ${name}: there is no value for ${[...unknown].join(', ')}; known are ${known}`)
  }
  const parsed = policyDocument.safeParse(parseJson(name, text))
  if (!parsed.success) throw new Error(`policy ${name} is not an IAM policy: ${z.prettifyError(parsed.error)}`)
  return parsed.data
}

/** Every action that a policy names, sorted, each once. */
export function policyActions(policy: PolicyDocument): string[] {
  return [...new Set(policy.Statement.flatMap(({ Action }) => Action))].sort()
}

/**
 * The same policy without one action. Statements that allowed nothing else are gone; where none is left, one stands that
 * denies the action, because IAM takes no policy without a statement. Throws if the action is not in there.
 */
export function withoutAction(policy: PolicyDocument, action: string): PolicyDocument {
  if (!policyActions(policy).includes(action)) throw new Error(`the policy has no ${action} that could be taken away`)
  const statements = policy.Statement.map((statement) => ({
    ...statement,
    Action: [statement.Action].flat().filter((each) => each !== action),
  })).filter(({ Action }) => Action.length > 0)
  const nothing = { Sid: 'Nothing', Effect: 'Deny' as const, Action: action, Resource: '*' }
  return { ...policy, Statement: statements.length > 0 ? statements : [nothing] }
}

function parseJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Error(`policy ${name} is not JSON`, { cause })
  }
}
