// Control and format characters (bidi overrides among them), line and paragraph separators, lone surrogates. A tab and a
// line feed are what messages are laid out with.
const invisible = /[^\P{Cc}\t\n]|[\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

/**
 * Text in which nothing acts on a terminal or hides from its reader: each control, format and bidi character is shown as
 * `\u001b`. Messages quote what sources, tables and other people's runs are called, so they all pass through here.
 */
export function visibleText(text: string): string {
  return text.replace(invisible, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16)
    return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`
  })
}
