/**
 * Splits a record whose quotes are known to be good into its fields. A quote inside an unquoted field is text; a
 * carriage return before the line end belongs to an unquoted last field and is trimmed as white space later.
 */
export function splitFields(record: string): string[] {
  const fields: string[] = []
  let start = 0
  for (;;) {
    if (record[start] === '"') {
      const end = closingQuote(record, start + 1)
      fields.push(record.slice(start + 1, end).replaceAll('""', '"'))
      if (record[end + 1] !== ',') return fields
      start = end + 2
    } else {
      const end = record.indexOf(',', start)
      fields.push(end < 0 ? record.slice(start) : record.slice(start, end))
      if (end < 0) return fields
      start = end + 1
    }
  }
}

function closingQuote(record: string, from: number): number {
  let index = record.indexOf('"', from)
  while (record[index + 1] === '"') index = record.indexOf('"', index + 2)
  return index
}
