import { count } from '../count.ts'
import type { FileDeclaration } from './declaration.ts'
import { familyNames, mensNames, womensNames } from './person-names.ts'
import { states } from './places.ts'
import { openRandom, pick } from './random.ts'
import { csvRecord } from './text-stream.ts'
import type { Piece } from './text-stream.ts'

/** Headers of the agents sheet, in the source's spelling (SOURCES: Headers). */
export const agentHeaders: readonly string[] = ['iD', 'NamE', 'experience', 'state']

const experiences = ['intern', 'Junior', 'Mid-level', 'Senior']
const firstAgentId = 1000
/** Agents of the real sheet; it does not scale. */
export const agentCount = 100
/** Where somebody typed a row that no id can be read from: the one bad row a sheet of this size can hold. */
const badRowPlace = 60

/** The agents sheet as CSV, in no order of ids, as people leave it. */
export function* writeAgentsCsv(seed: number, declaration: FileDeclaration): Generator<Piece> {
  const random = openRandom(seed, 'agents')
  random.seek(0)
  const ids = Array.from({ length: agentCount }, (_, index) => firstAgentId + index)
  for (let index = ids.length - 1; index > 0; index--) {
    const other = random.below(index + 1)
    ;[ids[index], ids[other]] = [ids[other] as number, ids[index] as number]
  }
  yield csvRecord(agentHeaders)
  for (const [place, id] of ids.entries()) {
    const name = `${pick(random, random.below(2) === 0 ? womensNames : mensNames)} ${pick(random, familyNames)}`
    const rest = [name, pick(random, experiences), pick(random, states)[1]]
    if (place === badRowPlace) {
      yield csvRecord([`0${id}`, ...rest])
      declaration.rows++
      count(declaration.quarantined, 'cast:agent_id')
    }
    yield csvRecord([String(id), ...rest])
    declaration.rows++
  }
}
