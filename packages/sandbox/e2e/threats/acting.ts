/** What acts on a terminal or hides from its reader: control, format and bidi characters, but not the line feed. */
export const acting = /[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/u
