import { ContractError } from '@coretelecoms/core'

/** The bytes of one record, without its line feed. */
export interface ScannedRecord {
  bytes: Buffer
  /** A quoted field goes on after its closing quote, or a quote follows white space at the start of a field. */
  hasBadQuote: boolean
}

/** Cuts blocks of bytes at the ends of records. */
export interface RecordScanner {
  push(block: Buffer): Generator<ScannedRecord>
  /** The record after the last line feed, if there is one. */
  end(): ScannedRecord | undefined
}

type Place = 'fieldStart' | 'blankStart' | 'plain' | 'quoted' | 'quoteInQuoted' | 'afterQuote' | 'broken'

const [comma, quote, lineFeed, carriageReturn, space, tab] = [0x2c, 0x22, 0x0a, 0x0d, 0x20, 0x09]

/** Starts at a record of that file; the path is named in messages. */
export function createRecordScanner(path: string): RecordScanner {
  let place: Place = 'fieldStart'
  let hasBadQuote = false
  let quotes = 0
  let closesField: boolean | undefined = false
  let carried: Buffer = Buffer.alloc(0)
  let records = 0

  function step(byte: number): void {
    const isPlainPlace = place === 'plain' || place === 'fieldStart' || place === 'blankStart'
    if (byte === quote) quotes++
    if (place === 'broken') {
      // Whether the last quote seen stands before a separator.
      if (byte === quote) closesField = undefined
      else closesField ??= byte === comma || byte === carriageReturn
    } else if (place === 'quoted') {
      if (byte === quote) place = 'quoteInQuoted'
    } else if (byte === comma) {
      place = 'fieldStart'
    } else if (place === 'quoteInQuoted' && byte === quote) {
      place = 'quoted'
    } else if (place === 'quoteInQuoted' && byte === carriageReturn) {
      place = 'afterQuote'
    } else if (place === 'fieldStart' && byte === quote) {
      place = 'quoted'
    } else if (place === 'blankStart' && byte === quote) {
      markBroken()
    } else if (isPlainPlace) {
      place = place !== 'plain' && (byte === space || byte === tab) ? 'blankStart' : 'plain'
    } else {
      markBroken()
    }
  }

  function markBroken(): void {
    hasBadQuote = true
    closesField = false
    place = 'broken'
  }

  function inDoubt(what: string): ContractError {
    const message = `${path}: record ${records} (the header is 0): where it ends is in doubt, ${what}; mend the file`
    return new ContractError('unterminated_quote', message)
  }

  function take(bytes: Buffer): ScannedRecord | undefined {
    const record = { bytes, hasBadQuote }
    // After a bad quote the line end ends the record, unless a quote that was opened may reach over it.
    if (hasBadQuote && quotes % 2 === 1 && closesField === false)
      throw inDoubt('a bad quote may reach over the line end')
    place = 'fieldStart'
    hasBadQuote = false
    quotes = 0
    if (bytes.length === 0 || (bytes.length === 1 && bytes[0] === carriageReturn)) return undefined
    records++
    return record
  }

  return {
    *push(next) {
      const block = carried.length === 0 ? next : Buffer.concat([carried, next])
      let start = 0
      for (let index = carried.length; index < block.length; index++) {
        const byte = block[index] as number
        if (byte !== lineFeed || place === 'quoted') {
          step(byte)
          continue
        }
        const record = take(block.subarray(start, index))
        start = index + 1
        if (record) yield record
      }
      carried = Buffer.from(block.subarray(start))
    },
    end() {
      if (place === 'quoted') throw inDoubt('its quote is never closed')
      return take(carried)
    },
  }
}
