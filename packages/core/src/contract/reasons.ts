import type { Dataset } from '../datasets/define-dataset.ts'

/**
 * Why a row is in quarantine. `cast` and `required` name their column; `invalid_text` is a NUL character, a lone
 * surrogate or bytes that are not UTF-8; `bad_quote` is one bad quote whose end is certain.
 */
export type Reason =
  | `cast:${string}`
  | `required:${string}`
  | 'partition'
  | 'repeated_key'
  | 'too_few_fields'
  | 'too_many_fields'
  | 'invalid_text'
  | 'bad_quote'

/** A row that is set aside, with its position in the source and its original text. */
export interface RejectedRow {
  /** 1-based, as `_source_row`. */
  readonly sourceRow: number
  readonly reasons: readonly Reason[]
  /** As the source wrote it; where the reason is `invalid_text`, escaped by `escapeInvalidText`. */
  readonly originalText: string
}

/** All reasons of a row, each once: those of columns in the order of the contract, then the others. */
export function mergeReasons(
  dataset: Dataset,
  found: readonly Reason[],
  faults: readonly Reason[] | undefined,
): Reason[] {
  if (faults === undefined) return [...found]
  const position = (reason: Reason): number => {
    const index = dataset.columns.findIndex(({ name }) => reason === `cast:${name}` || reason === `required:${name}`)
    return index < 0 ? dataset.columns.length : index
  }
  return [...new Set([...found, ...faults])].sort((a, b) => position(a) - position(b))
}

/**
 * Makes bytes that are not valid text storable and still recoverable: each byte that is part of no valid UTF-8
 * sequence and each NUL becomes `\xHH`, and a backslash is doubled. Used only for rows rejected as `invalid_text`.
 */
export function escapeInvalidText(bytes: Uint8Array): string {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let text = ''
  for (let index = 0; index < bytes.length;) {
    const length = sequenceLength(bytes[index] ?? 0)
    const sequence = bytes.subarray(index, index + length)
    const character = length > 0 && sequence.length === length ? decode(decoder, sequence) : undefined
    if (character === undefined || character === '\0') {
      text += `\\x${(bytes[index] ?? 0).toString(16).padStart(2, '0').toUpperCase()}`
      index += 1
    } else {
      text += character === '\\' ? '\\\\' : character
      index += length
    }
  }
  return text
}

/** Whether text can be stored as it is: no NUL character and no lone surrogate. */
export function isStorableText(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed()
}

function sequenceLength(first: number): number {
  if (first < 0x80) return 1
  if (first >= 0xc2 && first < 0xe0) return 2
  if (first >= 0xe0 && first < 0xf0) return 3
  return first >= 0xf0 && first < 0xf5 ? 4 : 0
}

function decode(decoder: InstanceType<typeof TextDecoder>, bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes)
  } catch {
    return undefined // not valid UTF-8: that is the question asked
  }
}
