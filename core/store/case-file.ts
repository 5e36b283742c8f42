import { randomBytes, randomUUID } from 'node:crypto'
import { accessSync, closeSync, constants, existsSync, openSync, rmSync, statSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import Database from 'better-sqlite3'
import { WorkbenchError } from '../model/errors.ts'
import { appendAudit } from './audit.ts'
import { APPLICATION_ID, connect, type Connection } from './connection.ts'
import { toStoreError } from './errors.ts'
import { fillEventCounts } from './event-counts.ts'
import { buildEventIndexes } from './indexes.ts'
import { storePendingKeys } from './key-writer.ts'
import { migrate } from './migrate.ts'
import { checkSchema } from './schema-check.ts'
import { hashStrings } from './string-index.ts'
import { fillStringHashes } from './strings.ts'
import { asReader, asWriter, type ReadStore, type WriteStore } from './store.ts'

/** A case opened for writing: the single writer, holding the lock until closed. */
export interface WritableCase {
  readonly db: WriteStore
  close(): void
}
/** A case opened for reading. */
export interface ReadableCase {
  readonly db: ReadStore
  close(): void
}

/** A case holds what others must not read; the journals beside it get the mode of the case. */
const OWNER_ALONE = 0o600

const lockPath = (path: string) => `${path}-lock`

/**
 * One writer per case. The lock is an exclusive SQLite transaction on a file beside the case: the operating system
 * releases it when the process dies, however it dies, so a stale lock cannot exist (ADR 0008).
 */
function takeLock(path: string): Connection {
  const file = lockPath(path)
  let lock: Connection | undefined
  try {
    closeSync(openSync(file, 'a', OWNER_ALONE))
    const before = statSync(file, { throwIfNoEntry: false })?.ino
    lock = new Database(file, { timeout: 0 })
    lock.pragma('journal_mode = MEMORY')
    lock.exec('BEGIN EXCLUSIVE')
    // The holder before us removes the file while it still holds it; a lock on a file that is gone keeps nobody out.
    if (statSync(file, { throwIfNoEntry: false })?.ino === before) return lock
    throw new WorkbenchError('store.locked', { file: basename(path) })
  } catch (cause) {
    lock?.close()
    if ((cause as { code?: string }).code?.startsWith('SQLITE_BUSY')) {
      throw new WorkbenchError('store.locked', { file: basename(path) }, { cause })
    }
    throw toStoreError(cause, path)
  }
}

/** Removes the lock file before letting go of it: whoever opens one afterwards makes a new one. */
function releaseLock(path: string, lock: Connection): void {
  try {
    rmSync(lockPath(path), { force: true })
  } catch (cause) {
    // Windows does not remove an open file. It stays, unlocked, and the next writer uses it.
    if (!['EBUSY', 'EPERM', 'EACCES'].includes((cause as { code?: string }).code ?? '')) throw cause
  } finally {
    lock.close()
  }
}

/**
 * Creates an empty case file.
 * @param path must not exist yet (`case.exists`), its folder must be writable (`store.unwritable`)
 * @param zone IANA zone for display and for evidence times without a zone
 */
export function createCase(
  path: string,
  zone: string,
  toolVersion: string,
  now: number,
  isDemo = false,
): void {
  if (existsSync(path)) throw new WorkbenchError('case.exists', { file: basename(path) })
  takePlace(path)
  let db: Connection | undefined
  try {
    db = connect(path, 'create')
    db.pragma(`application_id = ${APPLICATION_ID}`)
    migrate(db)
    const created = db
    db.transaction(() => {
      const insert = created.prepare('INSERT INTO case_info (key, value) VALUES (?, ?)')
      const caseId = randomUUID()
      for (const row of [
        ['case_id', caseId],
        ['created_at', String(now)],
        ['zone', zone],
        ['tool_version', toolVersion],
        ['is_demo', isDemo ? '1' : '0'],
        // Pseudonyms of redacted reports are made with it (core/report/saved-settings.ts).
        ['redaction_secret', randomBytes(32).toString('hex')],
      ] as const)
        insert.run(...row)
      appendAudit(asWriter(created), {
        at: now,
        action: 'case.create',
        details: { caseId, zone, toolVersion },
      })
    })()
    db.close()
  } catch (cause) {
    db?.close()
    if (cause instanceof WorkbenchError) throw cause
    rmSync(path, { force: true })
    throw toStoreError(cause, path)
  }
}

/** Makes the file, empty: what comes to lie there meanwhile is somebody else's and is left alone. */
function takePlace(path: string): void {
  try {
    accessSync(dirname(path), constants.W_OK)
    closeSync(openSync(path, 'wx', OWNER_ALONE))
  } catch (cause) {
    if ((cause as { code?: string }).code === 'EEXIST')
      throw new WorkbenchError('case.exists', { file: basename(path) }, { cause })
    throw toStoreError(cause, path)
  }
}

/** Opens for writing: schema check first (read-only), then lock, migrations, WAL, missing hashes, keys and indexes. */
export function openForWriting(path: string): WritableCase {
  checkFile(path)
  const lock = takeLock(path)
  try {
    const db = connect(path, 'write')
    try {
      db.pragma('journal_mode = WAL')
      db.pragma('synchronous = FULL')
      migrate(db)
      fillStringHashes(asWriter(db))
      hashStrings(asWriter(db))
      db.transaction(() => storePendingKeys(asWriter(db)))()
      buildEventIndexes(asWriter(db))
      fillEventCounts(asWriter(db))
    } catch (cause) {
      db.close()
      throw cause
    }
    return {
      db: asWriter(db),
      close() {
        try {
          db.pragma('wal_checkpoint(TRUNCATE)')
          db.pragma('journal_mode = DELETE')
        } catch (thrown) {
          // No room to fold the journal in: it stays beside the case, whole, and the next writer folds it in.
          if (!(toStoreError(thrown, path) instanceof WorkbenchError)) throw thrown
        } finally {
          db.close()
          releaseLock(path, lock)
        }
      },
    }
  } catch (cause) {
    releaseLock(path, lock)
    throw toStoreError(cause, path)
  }
}

/** Opens for reading only; works from read-only media for a case that was closed properly. */
export function openForReading(path: string): ReadableCase {
  checkFile(path)
  try {
    const db = connect(path, 'read')
    return { db: asReader(db), close: () => void db.close() }
  } catch (cause) {
    throw toStoreError(cause, path)
  }
}

/** Refuses what is not a case of ours before a single statement of it is trusted. */
function checkFile(path: string): void {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) throw new WorkbenchError('case.missing', { file: basename(path) })
  if (!stat.isFile() || stat.size === 0)
    throw new WorkbenchError('store.not_a_case', { file: basename(path) })
  let db: Connection | undefined
  try {
    db = connect(path, 'read')
    checkSchema(db, basename(path))
  } catch (cause) {
    throw toStoreError(cause, path)
  } finally {
    db?.close()
  }
}
