/** What IAM is to decide when a role asks for something: one row of the table. */
export interface Decision {
  /** Role, by the name of its policy. */
  readonly role: string
  readonly action: string
  /** ARN of what it is done to. */
  readonly resource: string
  /** Condition keys that the request carries. */
  readonly context: Readonly<Record<string, string>>
  readonly isAllowed: boolean
  /** Why the sandbox cannot be asked this; undefined where it is. */
  readonly notAsked?: string | undefined
}

/** What a row may leave out. */
export interface DecisionOptions {
  readonly context?: Readonly<Record<string, string>>
  readonly notAsked?: string
}

/** Writes rows about one role. */
export interface RoleDecisions {
  allow(action: string, resource: string, options?: DecisionOptions): Decision
  deny(action: string, resource: string, options?: DecisionOptions): Decision
}

/** A writer of rows about one role. */
export function decisionsOf(role: string): RoleDecisions {
  const row = (isAllowed: boolean, action: string, resource: string, options: DecisionOptions = {}): Decision => ({
    role,
    action,
    resource,
    context: options.context ?? {},
    isAllowed,
    notAsked: options.notAsked,
  })
  return {
    allow: (action, resource, options) => row(true, action, resource, options),
    deny: (action, resource, options) => row(false, action, resource, options),
  }
}
