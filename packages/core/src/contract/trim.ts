/**
 * Trims ASCII white space (U+0009 to U+000D and U+0020) at both ends; nothing inside is touched.
 * `String.trim` takes more (no-break space, BOM), which would change what people typed.
 */
export function trimAscii(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && isAsciiSpace(text.charCodeAt(start))) start++
  while (end > start && isAsciiSpace(text.charCodeAt(end - 1))) end--
  return start === 0 && end === text.length ? text : text.slice(start, end)
}

function isAsciiSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d)
}
