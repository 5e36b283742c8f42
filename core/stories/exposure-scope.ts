import { resolveEntity, type StoredEntity } from '../graph/entity-rows.ts'
import { WorkbenchError } from '../model/errors.ts'
import type { ReadStore } from '../store/store.ts'

const HASH = /^(?:hash|sha256|sha1|md5):([0-9a-f]{32,64})$/i
const byHash = `SELECT DISTINCT e.* FROM alias a JOIN entity e ON e.id = a.entity_id WHERE a.kind IN ('sha256', 'sha1', 'md5')
  AND a.value = ? COLLATE NOCASE AND e.kind IN ('file', 'attachment', 'process') ORDER BY e.kind, e.id`
const hashesOf = `SELECT DISTINCT value FROM alias WHERE entity_id = ? AND kind IN ('sha256', 'sha1', 'md5')`
const sameHash = `SELECT DISTINCT e.* FROM alias a JOIN entity e ON e.id = a.entity_id WHERE a.kind IN ('sha256', 'sha1', 'md5')
  AND a.value IN (SELECT value FROM json_each(?)) AND e.kind IN ('file', 'attachment') AND e.id <> ? ORDER BY e.kind, e.id`
const messagesOf = `SELECT DISTINCT m.from_id AS id FROM relation m JOIN entity e ON e.id = m.from_id
  WHERE m.to_id IN (SELECT value FROM json_each(?)) AND m.kind IN ('carries', 'links-to') AND e.kind = 'message'
  UNION SELECT c.from_id FROM relation l JOIN relation c ON c.to_id = l.from_id AND c.kind = 'carries'
  WHERE l.to_id IN (SELECT value FROM json_each(?)) AND l.kind = 'links-to'`
/** Where a file came from: the attachment it was saved from, the link it was loaded from, the archive it was in. */
const broughtBy = `WITH RECURSIVE cause(id) AS (SELECT value FROM json_each(?)
  UNION SELECT r.from_id FROM cause c JOIN relation r ON r.to_id = c.id AND r.kind IN ('saved-as', 'downloaded-to', 'extracted-to'))
  SELECT id FROM cause`

const mailboxesOf = `SELECT from_id FROM relation WHERE to_id = ? AND kind = 'owned-by'`
const deliveredTo = `SELECT DISTINCT from_id FROM relation WHERE to_id IN (SELECT value FROM json_each(?)) AND kind = 'delivered-to'
  ORDER BY from_id`

/** What a question about exposure is about: the entity, and the same content elsewhere. */
export interface Scope {
  readonly main: StoredEntity
  readonly twins: readonly StoredEntity[]
  /** Entity ids of all of it. */
  readonly ids: readonly number[]
}

/**
 * The entity of an argument, or `hash:HEX` with all that has this hash.
 * @throws WorkbenchError `request.not_found`
 */
export function scopeOf(db: ReadStore, argument: string): Scope {
  const hash = HASH.exec(argument)?.[1]
  if (hash !== undefined) {
    const [main, ...twins] = db.prepare(byHash).all(hash) as StoredEntity[]
    if (!main) throw new WorkbenchError('request.not_found', { what: argument })
    return { main, twins, ids: [main.id, ...twins.map((twin) => twin.id)] }
  }
  const main = resolveEntity(db, argument)
  const isContent = main.kind === 'file' || main.kind === 'attachment'
  const hashes = isContent ? (db.prepare(hashesOf).pluck().all(main.id) as string[]) : []
  const twins =
    hashes.length === 0 ? [] : (db.prepare(sameHash).all(JSON.stringify(hashes), main.id) as StoredEntity[])
  return { main, twins, ids: [main.id, ...twins.map((twin) => twin.id)] }
}

/** Mailboxes whose mail is meant when somebody asks about a mailbox or a user; undefined: asked is about something mails bring. */
export function mailboxesOfScope(db: ReadStore, { main }: Scope): ReadonlySet<number> | undefined {
  if (main.kind === 'mailbox') return new Set([main.id])
  return main.kind === 'user' ? new Set(db.prepare(mailboxesOf).pluck().all(main.id) as number[]) : undefined
}

/** Messages by which it came or can have come, of a mailbox or a user those that were delivered: entity ids, oldest first. */
export function messagesOfScope(db: ReadStore, scope: Scope): number[] {
  if (scope.main.kind === 'message') return [scope.main.id]
  const mailboxes = mailboxesOfScope(db, scope)
  if (mailboxes)
    return db
      .prepare(deliveredTo)
      .pluck()
      .all(JSON.stringify([...mailboxes])) as number[]
  const brought = JSON.stringify(db.prepare(broughtBy).pluck().all(JSON.stringify(scope.ids)))
  return (db.prepare(messagesOf).pluck().all(brought, brought) as number[]).sort((a, b) => a - b)
}
