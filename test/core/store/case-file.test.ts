import {
  chmodSync,
  copyFileSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WorkbenchError } from '../../../core/model/errors.ts'
import { createCase, openForReading, openForWriting } from '../../../core/store/case-file.ts'
import { TEST_NOW } from '../../support/case-builder.ts'

const codeOf = (work: () => unknown): string => {
  try {
    work()
  } catch (thrown) {
    return thrown instanceof WorkbenchError ? thrown.code : `not a WorkbenchError: ${String(thrown)}`
  }
  return 'nothing was thrown'
}

describe('case file', () => {
  let folder: string
  let path: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'redthread-case-'))
    path = join(folder, 'a.redthread')
    createCase(path, 'UTC', 'test', TEST_NOW)
  })
  afterEach(() => {
    chmodSync(folder, 0o700)
    rmSync(folder, { recursive: true, force: true })
  })

  it('is readable by its owner alone, with all that lies beside it while it is open', () => {
    expect(statSync(path).mode & 0o777).toBe(0o600)
    const open = openForWriting(path)
    try {
      open.db.exec('CREATE TABLE x (y); DROP TABLE x')
      for (const name of readdirSync(folder))
        expect([name, statSync(join(folder, name)).mode & 0o777]).toEqual([name, 0o600])
      expect(readdirSync(folder).length).toBeGreaterThan(1)
    } finally {
      open.close()
    }
  })

  it('takes no place where something lies already', () => {
    const taken = join(folder, 'b.redthread')
    writeFileSync(taken, 'mine')
    expect(codeOf(() => createCase(taken, 'UTC', 'test', TEST_NOW))).toBe('case.exists')
    expect(readFileSync(taken, 'utf8')).toBe('mine')
  })

  it('has full synchronisation on every connection, also when a WAL file is reopened', () => {
    for (let round = 0; round < 2; round += 1) {
      const open = openForWriting(path)
      expect(open.db.pragma('journal_mode', { simple: true })).toBe('wal')
      expect(open.db.pragma('synchronous', { simple: true })).toBe(2)
      expect(open.db.pragma('foreign_keys', { simple: true })).toBe(1)
      expect(open.db.pragma('trusted_schema', { simple: true })).toBe(0)
      expect(open.db.pragma('cell_size_check', { simple: true })).toBe(1)
      open.close()
    }
    const reader = openForReading(path)
    expect(reader.db.pragma('synchronous', { simple: true })).toBe(2)
    reader.close()
  })

  it('uses a SQLite without the WAL-reset bug', () => {
    const open = openForReading(path)
    const version = open.db.prepare('SELECT sqlite_version()').pluck().get() as string
    open.close()
    const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
    expect(major * 1e6 + minor * 1e3 + patch).toBeGreaterThanOrEqual(3_051_003)
  })

  it('leaves rollback-journal mode behind when closed, so that it opens from read-only media', () => {
    openForWriting(path).close()
    // Bytes 18 and 19 of the header: 1 = legacy, 2 = WAL.
    expect([...readFileSync(path).subarray(18, 20)]).toEqual([1, 1])
  })

  it('has one writer; the second is told so', () => {
    const first = openForWriting(path)
    expect(codeOf(() => openForWriting(path))).toBe('store.locked')
    first.close()
    openForWriting(path).close()
  })

  it('keeps readers from writing', () => {
    const reader = openForReading(path)
    expect(() => reader.db.prepare(`INSERT INTO case_info (key, value) VALUES ('x', 'y')`).run()).toThrow(
      'readonly',
    )
    reader.close()
  })

  it('never overwrites an existing file', () => {
    expect(codeOf(() => createCase(path, 'UTC', 'test', TEST_NOW))).toBe('case.exists')
  })

  it.each([
    [
      'a text file',
      (file: string) => writeFileSync(file, 'no database here, just words\n'.repeat(200)),
      'store.not_a_case',
    ],
    ['an empty file', (file: string) => writeFileSync(file, ''), 'store.not_a_case'],
    [
      'somebody else’s database',
      (file: string) => void new Database(file).exec('CREATE TABLE t (x)').close(),
      'store.not_a_case',
    ],
    [
      'a case of a newer version',
      (file: string) => tamper(file, 'PRAGMA user_version = 99999'),
      'store.from_future',
    ],
    [
      'a case with a trigger planted',
      (file: string) => tamper(file, `CREATE TRIGGER t AFTER INSERT ON event BEGIN DELETE FROM message; END`),
      'store.foreign_schema',
    ],
    [
      'a case with a view planted',
      (file: string) => tamper(file, 'CREATE VIEW v AS SELECT load_extension(1)'),
      'store.foreign_schema',
    ],
    [
      'a case with an extra table',
      (file: string) => tamper(file, 'CREATE TABLE extra (x)'),
      'store.foreign_schema',
    ],
    [
      'a case without its audit triggers',
      (file: string) => tamper(file, 'DROP TRIGGER audit_no_update'),
      'store.foreign_schema',
    ],
    [
      'a case with a function in an index',
      (file: string) => tamper(file, 'CREATE INDEX i ON entity(lower(name))'),
      'store.foreign_schema',
    ],
  ])('refuses %s', (_what, make, code) => {
    const file = join(folder, 'b.redthread')
    if (code === 'store.not_a_case') make(file)
    else {
      copyFileSync(path, file)
      make(file)
    }
    expect(codeOf(() => openForWriting(file))).toBe(code)
    expect(codeOf(() => openForReading(file))).toBe(code)
  })

  it('says so when the file is cut off', () => {
    truncateSync(path, 5000)
    expect(codeOf(() => openForWriting(path))).toMatch(/^store\.(corrupt|foreign_schema)$/)
  })

  it('says that a missing file is missing', () => {
    expect(codeOf(() => openForReading(join(folder, 'none.redthread')))).toBe('case.missing')
  })

  it('says that a folder that does not exist cannot be written to', () => {
    expect(codeOf(() => createCase(join(folder, 'no', 'c.redthread'), 'UTC', 'test', TEST_NOW))).toBe(
      'store.unwritable',
    )
  })
})

function tamper(file: string, sql: string): void {
  const db = new Database(file)
  db.exec(sql)
  db.close()
}
