import type { SchemaElement } from 'parquetjs-lite/gen-nodejs/parquet_types.js'
import thrift from 'parquetjs-lite/gen-nodejs/parquet_types.js'
import { ContractError } from '../errors/contract-error.ts'
import { withPart } from './open-part.ts'
import type { Field, FieldType } from './part-schema.ts'

/** What the footer of a Parquet file says. */
export interface Footer {
  readonly rows: number
  readonly fields: readonly Field[]
}

/**
 * Reads the footer of a Parquet file with parquetjs-lite, an implementation that shares no code with DuckDB. Throws
 * a TransientError when the file is not Parquet, a ContractError when it holds a type that no part of ours has.
 */
export function readFooter(file: string): Promise<Footer> {
  return withPart(file, (reader) => {
    const [, ...elements] = reader.metadata.schema
    const fields = elements.map((element) => ({ name: element.name, type: fieldType(element) }))
    return Promise.resolve({ rows: Number(reader.getRowCount()), fields })
  })
}

/**
 * Checks that a file holds exactly these fields in this order and so many rows. `uuid` is stored as a string, so the
 * two are equal here. Throws a ContractError that names the file and the first difference.
 */
export async function checkFooter(file: string, expected: Footer): Promise<void> {
  const footer = await readFooter(file)
  const wanted = expected.fields.map((field) => `${field.name} ${field.type === 'uuid' ? 'string' : field.type}`)
  const found = footer.fields.map((field) => `${field.name} ${field.type}`)
  const index = Math.max(wanted.length, found.length)
  for (let position = 0; position < index; position++) {
    if (wanted[position] !== found[position]) {
      throw new ContractError(
        'part_schema',
        `${file}: field ${position + 1} is "${found[position] ?? 'missing'}", the contract says "${wanted[position] ?? 'none'}"`,
      )
    }
  }
  if (footer.rows !== expected.rows) {
    throw new ContractError(
      'part_rows',
      `${file}: the footer counts ${footer.rows} rows, ${expected.rows} were written`,
    )
  }
}

function fieldType(element: SchemaElement): FieldType {
  const { Type, ConvertedType } = thrift
  if (element.type === Type['INT32'])
    return element.converted_type === ConvertedType['DATE'] || element.logicalType?.DATE ? 'date' : 'int32'
  if (element.type === Type['INT64']) {
    const timestamp = element.logicalType?.TIMESTAMP
    if (timestamp) return timestamp.isAdjustedToUTC ? 'instant' : 'timestamp'
    return element.converted_type === ConvertedType['TIMESTAMP_MICROS'] ? 'instant' : 'int64'
  }
  if (element.type === Type['BYTE_ARRAY']) return 'string'
  throw new ContractError('part_schema', `field "${element.name}" has a Parquet type that no part of ours holds`)
}
