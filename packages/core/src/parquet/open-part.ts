import parquet from 'parquetjs-lite'
import { TransientError } from '../errors/transient-error.ts'

/**
 * Opens a Parquet file of this machine with parquetjs-lite and hands it to `use`. Throws a TransientError when the file
 * is not there, not Parquet, cut or damaged: the disk, not the delivery, is at fault.
 */
export async function withPart<Result>(
  file: string,
  use: (reader: parquet.ParquetReader) => Promise<Result>,
): Promise<Result> {
  const reader = await parquet.ParquetReader.openFile(file).catch((error: unknown) => {
    throw unreadablePart(file, error)
  })
  try {
    return await use(reader)
  } finally {
    await reader.close()
  }
}

/** What the library throws, which is often a text and no Error, as an error of ours. */
export function unreadablePart(file: string, cause: unknown): TransientError {
  const words = cause instanceof Error ? cause.message : String(cause)
  return new TransientError('part_unreadable', `${file} cannot be read back (${words}); check the disk and run again`, {
    cause,
  })
}
