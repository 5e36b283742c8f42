import type { Mapping } from '../../model/mapping.ts'
import { readCsvRecords } from '../csv/csv-records.ts'
import { readJsonRecords } from '../json/json-records.ts'
import { hasSource } from './mapped-row.ts'

/** A member that none of so many records has is taken for missing; so much is read for them. */
const LOOKED_RECORDS = 500
const LOOKED_BYTES = 8 * 1024 * 1024

/** Columns a mapping names that a file does not have. */
export interface MissingColumns {
  /** In the order of the mapping, the column of the time first. */
  readonly names: readonly string[]
  /**
   * Nothing sensible can come of it: the time is missing, or every fact. A mapping serves several exports of a product, which
   * may leave a column out; without these two it was made for another file.
   */
  readonly isFatal: boolean
}

/**
 * Compares the columns a mapping names with the header of a table or the members of the first JSON records. A file
 * without a header or record misses nothing: it has no row that would be read wrongly.
 */
export async function findMissingColumns(
  stream: AsyncIterable<Uint8Array>,
  mapping: Mapping,
): Promise<MissingColumns> {
  const facts = Object.values(mapping.fields)
  const time = mapping.time?.field
  const named = new Set(time === undefined ? facts : [time, ...facts])
  const missing =
    mapping.rows === 'csv'
      ? await missingInHeader(stream, mapping, named)
      : await missingInRecords(stream, mapping, named)
  const hasNoFact = facts.length > 0 && facts.every((source) => missing.has(source))
  return {
    names: [...missing],
    isFatal: hasNoFact || (time !== undefined && missing.has(time)),
  }
}

async function missingInHeader(
  stream: AsyncIterable<Uint8Array>,
  { delimiter, encoding }: Mapping,
  named: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  let missing: ReadonlySet<string> | undefined
  const looked = readCsvRecords(
    stream,
    'mapping',
    (header) => {
      missing = new Set([...named].filter((source) => !header.has(source)))
      return () => ({ items: [] })
    },
    { delimiter: delimiter ?? undefined, encoding: encoding ?? undefined },
  )
  for await (const _ of looked) if (missing !== undefined) break
  return missing ?? new Set()
}

async function missingInRecords(
  stream: AsyncIterable<Uint8Array>,
  mapping: Mapping,
  named: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const missing = new Set(named)
  let records = 0
  const looked = readJsonRecords(firstBytes(stream), 'mapping', (object) => {
    records += 1
    if (records <= LOOKED_RECORDS)
      for (const source of missing) if (hasSource(object, source)) missing.delete(source)
    return { items: [] }
  })
  for await (const _ of looked) if (missing.size === 0 || records >= LOOKED_RECORDS) break
  return records === 0 ? new Set() : missing
}

async function* firstBytes(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let size = 0
  for await (const piece of stream) {
    yield piece
    size += piece.length
    if (size >= LOOKED_BYTES) return
  }
}
