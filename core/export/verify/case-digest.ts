import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import type { CaseDigest } from '../../contract/nouns/verify.ts'
import type { ReadStore } from '../../store/store.ts'

/**
 * The audit log has its own chain; the job list is bookkeeping that opening a case may touch; the packed tables for judging are made
 * of pack entries and URLs, when they are needed, without a word in the log; where texts stand is noted in idle times.
 */
const LEFT_OUT: ReadonlySet<string> = new Set([
  'audit',
  'job_log',
  'event_count',
  'pack_table',
  'url_table',
  'desk',
  'text_segment',
  'column_text',
  'identifier_gram',
])
/** What correlation writes into tables of records. */
const DERIVED: ReadonlySet<string> = new Set(['endpoint_id', 'user_id', 'entity_id'])
/** Rows between two looks at the signal. */
const ROWS_AT_ONCE = 20_000
const CHUNK = 64 * 1024

const tablesSql = `SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name`
const columnsSql = 'SELECT name, pk FROM pragma_table_info(?) ORDER BY cid'

interface Table {
  readonly name: string
  /** Made without row ids: its key is its order. */
  readonly wr: number
}

/** Names come from our own schema, which is compared with the migrations before a case is opened; quoted all the same. */
const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** Feeds rows to a hash: JSON per row (types and nulls apart), the bytes of BLOBs behind it with their length in it. */
class RowHash {
  readonly #hash = createHash('sha256')
  #text = ''
  add(values: readonly unknown[]): void {
    const blobs: Uint8Array[] = []
    const plain = values.map((value) => {
      if (!(value instanceof Uint8Array)) return value
      blobs.push(value)
      return ['blob', value.byteLength]
    })
    this.#text += `${JSON.stringify(plain)}\n`
    if (blobs.length === 0 && this.#text.length < CHUNK) return
    this.#hash.update(this.#text, 'utf8')
    this.#text = ''
    for (const blob of blobs) this.#hash.update(blob)
  }
  end(): string {
    return this.#hash.update(this.#text, 'utf8').digest('hex')
  }
}

async function digestTable(
  db: ReadStore,
  { name, wr }: Table,
  signal: AbortSignal | undefined,
): Promise<CaseDigest['tables'][string]> {
  const columns = db.prepare(columnsSql).all(name) as { name: string; pk: number }[]
  const keys = columns.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk)
  const own = columns.filter((column) => !DERIVED.has(column.name))
  const derived = columns.filter((column) => DERIVED.has(column.name))
  // Tables of entities and relations are derived altogether.
  const isSplit = derived.length > 0 && !['alias', 'relation'].includes(name)
  const order = wr === 1 ? keys.map((key) => quoted(key.name)).join(', ') : 'rowid'
  const wanted = [...own, ...derived].map((column) => quoted(column.name)).join(', ')
  const sql = `SELECT ${wanted} FROM ${quoted(name)} ORDER BY ${order}`
  const [all, records] = [new RowHash(), new RowHash()]
  let rows = 0
  for (const row of db.prepare(sql).raw().iterate() as IterableIterator<unknown[]>) {
    if (isSplit) {
      records.add(row.slice(0, own.length))
      all.add(row.slice(own.length))
    } else all.add(row)
    rows += 1
    if (rows % ROWS_AT_ONCE === 0) signal?.throwIfAborted()
  }
  if (!isSplit) return { rows, sha256: all.end(), records: null }
  const [first, second] = [records.end(), all.end()]
  return { rows, sha256: createHash('sha256').update(`${first}${second}`).digest('hex'), records: first }
}

/** Hashes the content of a case, table by table, in the order of their keys. One pass; no more than a row is in memory. */
export async function digestCase(
  db: ReadStore,
  signal?: AbortSignal,
  onTable: (done: number) => void = () => undefined,
): Promise<CaseDigest> {
  const virtual = new Set(
    db.prepare(`SELECT name FROM pragma_table_list WHERE type = 'shadow'`).pluck().all() as string[],
  )
  const tables = (db.prepare(tablesSql).all() as Table[]).filter(
    ({ name }) => !LEFT_OUT.has(name) && !virtual.has(name),
  )
  const schemaVersion = db.pragma('user_version', { simple: true }) as number
  const found: [string, CaseDigest['tables'][string]][] = []
  for (const [at, table] of tables.entries()) {
    found.push([table.name, await digestTable(db, table, signal)])
    onTable((at + 1) / tables.length)
    await setImmediate()
  }
  const sha256 = createHash('sha256')
    .update(JSON.stringify([schemaVersion, found.map(([name, table]) => [name, table.rows, table.sha256])]))
    .digest('hex')
  return { sha256, schemaVersion, tables: Object.fromEntries(found) }
}
