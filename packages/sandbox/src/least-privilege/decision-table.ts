import type { Decision } from './decision.ts'

/** The table as Markdown, a section a role. */
export function decisionTable(decisions: readonly Decision[]): string {
  const byRole = Map.groupBy(decisions, ({ role }) => role)
  return [
    '# Who may do what in AWS',
    '',
    'Generated from packages/sandbox/src/least-privilege by scripts/generate.ts. Each row is put to a simulator of IAM, under the policy and the boundary of the role, and asked of the local AWS as a real request; both must decide as it stands here, and each statement of each policy decides at least one row (packages/sandbox/test/least-privilege). Rows with a note are put to the simulator only. The policies are those in infra/policies/rendered, and the tests of Terraform hold its own rendering against them.',
    '',
    ...[...byRole].flatMap(([role, rows]) => [
      `## ${role}`,
      '',
      '| | action | on | with | note |',
      '|---|---|---|---|---|',
      ...rows.map(row),
      '',
    ]),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n')
}

function row({ action, resource, context, isAllowed, notAsked }: Decision): string {
  const given = Object.entries(context).map(([key, value]) => `\`${key}\` \`${value}\``)
  const cells = [
    isAllowed ? 'may' : 'may **not**',
    `\`${action}\``,
    `\`${resource}\``,
    given.join('<br>'),
    notAsked ?? '',
  ]
  return `| ${cells.join(' | ')} |`
}
