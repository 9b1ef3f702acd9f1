import { sqlText } from './duckdb-text.ts'

/** A CSV file as DuckDB is told to read it: nothing is guessed. */
export interface CsvFile {
  readonly file: string
  /** Fields of every record. */
  readonly width: number
  readonly usesCrlf: boolean
  /** Size of the longest record, where it is known to be over the usual limit. */
  readonly longestBytes?: number
  /** The first field is the row number and not the source's. */
  readonly isNumbered?: boolean
}

// Buffers of 4 MB keep the parser below 300 MiB in all; records beyond the limit take the rewriting way.
const bufferBytes = 4_200_000
const longestRecordBytes = 2_000_000

/** `read_csv` over a file without header: fields `c0`, `c1`, … as text, null where empty, and `r` the row number. */
export function readCsvSql(csv: CsvFile): string {
  const fields = Array.from({ length: csv.width }, (_, index) => `'c${index}': 'VARCHAR'`)
  const longest = Math.max(longestRecordBytes, (csv.longestBytes ?? 0) + 1024)
  const options = [
    'auto_detect = false',
    'header = false',
    "delim = ','",
    `quote = '"'`,
    `escape = '"'`,
    "nullstr = ''",
    `new_line = '${csv.usesCrlf ? '\\r\\n' : '\\n'}'`,
    `max_line_size = ${longest}`,
    `buffer_size = ${Math.max(bufferBytes, 2 * longest + 4096)}`,
    `columns = {${[...(csv.isNumbered ? ["'r': 'BIGINT'"] : []), ...fields].join(', ')}}`,
  ]
  return `read_csv(${sqlText(csv.file)}, ${options.join(', ')})`
}
