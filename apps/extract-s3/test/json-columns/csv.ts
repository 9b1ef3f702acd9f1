/** Parses CSV whose every field is quoted, as `csvBytes` writes it: an independent reading for tests. */
export function parseQuotedCsv(text: string): string[][] {
  const records = text.match(/(?:"(?:[^"]|"")*"[,\n])*?"(?:[^"]|"")*"\n/g) ?? []
  return records.map((record) =>
    (record.match(/"(?:[^"]|"")*"(?=[,\n])/g) ?? []).map((field) => field.slice(1, -1).replaceAll('""', '"')),
  )
}
