/** The bytes that mean something in a CSV stream. */
export const byte = {
  tab: 9,
  lineFeed: 10,
  verticalTab: 11,
  formFeed: 12,
  carriageReturn: 13,
  space: 32,
  quote: 34,
  comma: 44,
} as const

/** ASCII white space, which every value is trimmed of. */
export const whiteSpaceCodes: readonly number[] = [9, 10, 11, 12, 13, 32]

/** Whether a byte is ASCII white space (U+0009 to U+000D and U+0020). */
export function isWhiteSpace(value: number | undefined): boolean {
  return value === byte.space || (value !== undefined && value >= byte.tab && value <= byte.carriageReturn)
}
