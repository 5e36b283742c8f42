import { ByteWriter, ParquetWriter, type SchemaElement } from 'hyparquet-writer'

export type ColumnType = 'text' | 'long' | 'double' | 'boolean' | 'time' | 'texts'
type Value = string | number | boolean | readonly string[] | null | undefined

export interface Column<Row> {
  readonly name: string
  readonly type: ColumnType
  readonly of: (row: Row) => Value
}

/** Rows of one group: what a reader loads at once, and what is held in memory while writing. */
const GROUP_ROWS = 5000
/** A hostile record can hold megabytes of text: the group ends early then. */
const GROUP_CHARACTERS = 16 * 1024 * 1024

function elementsOf<Row>({ name, type }: Column<Row>): SchemaElement[] {
  const optional = { name, repetition_type: 'OPTIONAL' } as const
  switch (type) {
    case 'text':
      return [{ ...optional, type: 'BYTE_ARRAY', converted_type: 'UTF8' }]
    case 'long':
      return [{ ...optional, type: 'INT64' }]
    case 'double':
      return [{ ...optional, type: 'DOUBLE' }]
    case 'boolean':
      return [{ ...optional, type: 'BOOLEAN' }]
    case 'time':
      return [
        {
          ...optional,
          type: 'INT64',
          converted_type: 'TIMESTAMP_MICROS',
          logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' },
        },
      ]
    case 'texts':
      return [
        { ...optional, converted_type: 'LIST', num_children: 1 },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        { name: 'element', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
      ]
  }
}

function storedValue(type: ColumnType, value: Value): unknown {
  if (value === null || value === undefined) return null
  if (type === 'long' || type === 'time') return typeof value === 'number' ? BigInt(Math.trunc(value)) : null
  return typeof value === 'string' ? value.toWellFormed() : value
}
const lengthOf = (value: Value): number =>
  typeof value === 'string'
    ? value.length
    : Array.isArray(value)
      ? value.reduce((sum: number, part: string) => sum + part.length, 0)
      : 8

/** A table as a Parquet file (Snappy, one row group after the other), streamed: only the group being filled is in memory. */
export async function* parquetTable<Row>(
  columns: readonly Column<Row>[],
  pages: AsyncIterable<readonly Row[]>,
): AsyncGenerator<Uint8Array> {
  if (new Set(columns.map(({ name }) => name)).size !== columns.length)
    throw new TypeError('Two columns of a table share a name')
  const writer = new ByteWriter()
  const schema: SchemaElement[] = [
    { name: 'root', num_children: columns.length },
    ...columns.flatMap(elementsOf),
  ]
  const parquet = new ParquetWriter({ writer, schema, createdBy: 'redthread' })
  const drain = (): Uint8Array => {
    const bytes = writer.getBytes().slice()
    writer.index = 0
    return bytes
  }
  let data: unknown[][] = columns.map(() => [])
  let rows = 0
  let characters = 0
  const flush = async (): Promise<void> => {
    const columnData = columns.map(({ name }, at) => ({ name, data: data[at] ?? [] }))
    await parquet.write({ columnData, rowGroupSize: rows })
    data = columns.map(() => [])
    rows = 0
    characters = 0
  }
  for await (const page of pages)
    for (const row of page) {
      columns.forEach(({ type, of }, at) => {
        const value = of(row)
        data[at]?.push(storedValue(type, value))
        characters += lengthOf(value)
      })
      rows += 1
      if (rows < GROUP_ROWS && characters < GROUP_CHARACTERS) continue
      await flush()
      yield drain()
    }
  if (rows > 0) await flush()
  await parquet.finish()
  yield drain()
}
