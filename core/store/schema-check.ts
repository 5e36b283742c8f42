import Database from 'better-sqlite3'
import { WorkbenchError } from '../model/errors.ts'
import { APPLICATION_ID, type Connection } from './connection.ts'
import { eventIndexesOf } from './indexes.ts'
import { migrations, SCHEMA_VERSION } from './migrate.ts'

interface SchemaRow {
  readonly type: string
  readonly name: string
  readonly sql: string | null
}
const allObjects = 'SELECT type, name, sql FROM sqlite_schema'

/** Schema objects of a case at `version`, by building one in memory with our own migrations. */
function expectedSchema(version: number): Map<string, string> {
  const db = new Database(':memory:')
  try {
    for (const migration of migrations) if (migration.version <= version) db.exec(migration.sql)
    return toMap(db.prepare(allObjects).all() as SchemaRow[])
  } finally {
    db.close()
  }
}
const toMap = (rows: readonly SchemaRow[]) =>
  new Map(rows.map((row) => [`${row.type} ${row.name}`, row.sql ?? '']))

/**
 * Looks at a case file before anything else is done with it: it may come from somebody else and is hostile input
 * (TRUST.md threat 10: `trusted_schema=OFF` does not stop a plain trigger). Application id, version, and every schema
 * object must be ours; the event indexes may be present or absent.
 * @throws WorkbenchError `store.not_a_case`, `store.from_future`, `store.foreign_schema`, `store.corrupt`
 */
export function checkSchema(db: Connection, file: string): void {
  let applicationId: number
  let version: number
  let found: Map<string, string>
  try {
    applicationId = db.pragma('application_id', { simple: true }) as number
    version = db.pragma('user_version', { simple: true }) as number
    found = toMap(db.prepare(allObjects).all() as SchemaRow[])
  } catch (cause) {
    const code = (cause as { code?: string }).code ?? ''
    if (code === 'SQLITE_NOTADB') throw new WorkbenchError('store.not_a_case', { file }, { cause })
    if (code.startsWith('SQLITE_CORRUPT')) throw new WorkbenchError('store.corrupt', { file }, { cause })
    throw cause
  }
  if (applicationId !== APPLICATION_ID) throw new WorkbenchError('store.not_a_case', { file })
  if (version > SCHEMA_VERSION) {
    throw new WorkbenchError('store.from_future', { version: String(version), known: String(SCHEMA_VERSION) })
  }
  const expected = expectedSchema(version)
  for (const [name, sql] of Object.entries(eventIndexesOf(version)))
    if (found.has(`index ${name}`)) expected.set(`index ${name}`, sql)
  const differing = [...new Set([...expected.keys(), ...found.keys()])].filter(
    (key) => expected.get(key) !== found.get(key),
  )
  if (differing.length > 0) {
    throw new WorkbenchError('store.foreign_schema', { file, objects: differing.slice(0, 5) })
  }
}
