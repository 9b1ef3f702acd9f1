/** A string literal of SQL. */
export function sqlText(value: string): string {
  return `'${value.replaceAll("'", "''")}'`
}

/** A quoted identifier of SQL. */
export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
