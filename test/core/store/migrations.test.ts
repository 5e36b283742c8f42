import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { migrate, migrations, SCHEMA_VERSION } from '../../../core/store/migrate.ts'

/** Released migrations are frozen: a change would leave old cases with another schema under the same version. */
const FROZEN: Readonly<Record<number, string>> = {
  10: '76d7583179e91f9415a6eb629ca961c9ac268e4aa1ffb5d7d0e5bbd10123dba0',
}

const schemaOf = (db: Database.Database) =>
  (
    db
      .prepare(
        `SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'str_fts_%' ORDER BY rowid`,
      )
      .pluck()
      .all() as string[]
  )
    .map((sql) => `${sql};\n`)
    .join('\n')

describe('migrations', () => {
  it('go up in steps of ten', () => {
    expect(migrations.map((migration) => migration.version)).toEqual(
      migrations.map((_, index) => (index + 1) * 10),
    )
  })

  it('are what they were when released', () => {
    for (const { version, sql } of migrations) {
      const frozen = FROZEN[version]
      if (frozen !== undefined)
        expect(createHash('sha256').update(sql).digest('hex'), `migration ${version}`).toBe(frozen)
    }
  })

  it('bring an empty file to the newest version, twice without change', () => {
    const db = new Database(':memory:')
    migrate(db)
    const schema = schemaOf(db)
    migrate(db)
    expect(db.pragma('user_version', { simple: true })).toBe(SCHEMA_VERSION)
    expect(schemaOf(db)).toBe(schema)
    db.close()
  })

  it('agree with core/store/schema.sql, where a reader sees the schema in one place', async () => {
    const db = new Database(':memory:')
    migrate(db)
    await expect(schemaOf(db)).toMatchFileSnapshot('../../../core/store/schema.sql')
    db.close()
  })

  it('make every table STRICT except the event table and full-text search', () => {
    const sql = readFileSync(new URL('../../../core/store/schema.sql', import.meta.url), 'utf8')
    const loose = [...sql.matchAll(/CREATE (?:VIRTUAL )?TABLE (\w+)[^;]*?\)( STRICT[^;]*| USING[^;]*)?;/g)]
      .filter((match) => !match[2]?.includes('STRICT'))
      .map((match) => match[1])
    expect(loose.sort()).toEqual(['event', 'str_fts'])
  })
})
