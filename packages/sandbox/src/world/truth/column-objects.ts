import { ContractError } from '@coretelecoms/core'

/** A column of a column-oriented document: its header, and its cells by row key in the order of the document. */
export type ColumnObject = readonly [header: string, cells: ReadonlyMap<string, string | null>]

/**
 * Reads `{ header: { row key: value, … }, … }`. `JSON.parse` cannot be used: it sorts keys that look like numbers,
 * keeps the last of repeated ones in silence and rounds numbers. A value is its text; any other than a string counts
 * as it is written, and null is null.
 *
 * Throws a ContractError for any other shape, a repeated key, and a document that ends early.
 */
export function readColumnObjects(document: string, path: string): ColumnObject[] {
  const cursor = createCursor(document, path)
  const columns = [...cursor.readMembers(() => new Map(cursor.readMembers(() => cursor.readScalar())))]
  cursor.expectEnd()
  return columns
}

const space = /[\t\n\r ]*/y
const text = /"(?:[^"\\]|\\.)*"/sy
const bare = /[^,:{}[\]"\s]+/y

function createCursor(document: string, path: string) {
  let at = 0

  function take(pattern: RegExp): string {
    pattern.lastIndex = at
    const [found = ''] = pattern.exec(document) ?? []
    at += found.length
    return found
  }

  function fail(what: string): never {
    const message = `${path}: ${what} at character ${at}; the file is one object a column, each { row key: value }`
    throw new ContractError('json_shape', message)
  }

  function takeSign(sign: string): boolean {
    take(space)
    if (document[at] !== sign) return false
    at++
    return true
  }

  function readText(): string {
    take(space)
    const start = at
    const source = take(text)
    if (source === '') fail('a text in quotes is due')
    try {
      return JSON.parse(source) as string
    } catch {
      at = start
      return fail('a text is no JSON text')
    }
  }

  function* readMembers<Value>(readValue: () => Value): Generator<[string, Value]> {
    if (!takeSign('{')) fail('an object is due')
    const seen = new Set<string>()
    if (takeSign('}')) return
    do {
      const name = readText()
      if (seen.has(name)) fail('a key is there for the second time')
      seen.add(name)
      if (!takeSign(':')) fail('a colon is due')
      yield [name, readValue()]
    } while (takeSign(','))
    if (!takeSign('}')) fail('a comma or the end of the object is due')
  }

  function readScalar(): string | null {
    take(space)
    if (document[at] === '"') return readText()
    const start = at
    if (document[at] === '{' || document[at] === '[') skipNested()
    else take(bare)
    const source = document.slice(start, at)
    try {
      return JSON.parse(source) === null ? null : source
    } catch {
      return fail('a value is no JSON value')
    }
  }

  function skipNested(): void {
    let depth = 0
    do {
      if (at >= document.length) fail('an object or array never ends')
      if (document[at] === '"') {
        readText()
        continue
      }
      if ('{['.includes(document[at] as string)) depth++
      if ('}]'.includes(document[at] as string)) depth--
      at++
    } while (depth > 0)
  }

  function expectEnd(): void {
    take(space)
    if (at !== document.length) fail('something follows the object')
  }

  return { readMembers, readScalar, expectEnd }
}
