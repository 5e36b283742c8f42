import { WorkbenchError } from '../model/errors.ts'
import type { Connection } from './connection.ts'

/** One step of the schema: a version (steps of ten) and the SQL that leads there. Released steps are frozen. */
export interface Migration {
  readonly version: number
  readonly sql: string
}

const found = import.meta.glob<Migration>('./migrations/*.ts', { eager: true, import: 'default' })

/** All migrations in order; a gap in the order or a duplicate version stops the start. */
export const migrations: readonly Migration[] = Object.entries(found)
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([, migration]) => migration)
for (const [index, migration] of migrations.entries()) {
  const before = migrations[index - 1]
  if (before && before.version >= migration.version)
    throw new Error(`Migration ${migration.version} is out of order`)
}

/** Newest schema version this build knows. */
export const SCHEMA_VERSION = migrations.at(-1)?.version ?? 0

/** Brings the case to {@link SCHEMA_VERSION}; all pending steps in one transaction. `store.from_future` when newer. */
export function migrate(db: Connection): void {
  const current = db.pragma('user_version', { simple: true }) as number
  if (current > SCHEMA_VERSION) {
    throw new WorkbenchError('store.from_future', { version: String(current), known: String(SCHEMA_VERSION) })
  }
  const pending = migrations.filter((migration) => migration.version > current)
  if (pending.length === 0) return
  db.transaction(() => {
    for (const migration of pending) db.exec(migration.sql)
    db.pragma(`user_version = ${SCHEMA_VERSION}`)
  })()
}
