import type { MarkTarget } from '../contract/nouns/work.ts'
import { WorkbenchError } from '../model/errors.ts'
import type { ReadStore } from '../store/store.ts'
import { Followed } from './followed.ts'

type Kind = MarkTarget['kind']

const eventKey = `SELECT v.sha256 || ':' || e.record || ':' ||
  (SELECT count(*) FROM event b WHERE b.evidence_id = e.evidence_id AND b.record = e.record AND b.id < e.id)
  FROM event e JOIN evidence v ON v.id = e.evidence_id WHERE e.id = ?`
const entityKey = 'SELECT key FROM entity WHERE id = ?'
const relationKey = `SELECT r.kind || '|' || f.key || '|' || t.key FROM relation r JOIN entity f ON f.id = r.from_id JOIN entity t ON t.id = r.to_id WHERE r.id = ?`
const detectionKey = 'SELECT key FROM detection WHERE id = ?'
const viewKey = 'SELECT key FROM saved_view WHERE id = ?'
/** Identity names the entity of a URL so; it may not have run yet. */
const urlKey = `SELECT coalesce(e.key, 'url:' || u.url) FROM url u LEFT JOIN entity e ON e.id = u.entity_id WHERE u.id = ?`

/** A thing as marks name it: message and URL are entities. */
export interface NamedTarget {
  readonly kind: Kind
  readonly key: string
}
const KEYS: Readonly<Partial<Record<Kind, { readonly kind: Kind; readonly sql: string }>>> = {
  event: { kind: 'event', sql: eventKey },
  entity: { kind: 'entity', sql: entityKey },
  message: { kind: 'entity', sql: entityKey },
  url: { kind: 'entity', sql: urlKey },
  relation: { kind: 'relation', sql: relationKey },
  detection: { kind: 'detection', sql: detectionKey },
  view: { kind: 'view', sql: viewKey },
}

/**
 * The name by which a thing is found again in another run of correlation, and in a colleague's case of the same evidence: an
 * event by the hash of its file, its record and its place in it; entities, relations, detections and views by their keys. A story
 * and a step of the plan have ids that stay.
 * @throws WorkbenchError `request.not_found`
 */
export function nameTarget(db: ReadStore, target: MarkTarget): NamedTarget {
  const how = KEYS[target.kind]
  if (how === undefined) return { kind: target.kind, key: target.id }
  const key = /^\d{1,19}$/.test(target.id)
    ? (db.prepare(how.sql).pluck().get(Number(target.id)) as string | undefined)
    : undefined
  if (key === undefined)
    throw new WorkbenchError('request.not_found', { what: `${target.kind} ${target.id}` })
  return { kind: how.kind, key }
}

const findEvent = `SELECT e.id FROM event e JOIN evidence v ON v.id = e.evidence_id
  WHERE v.sha256 = ? AND e.record = ? ORDER BY e.id LIMIT 1 OFFSET ?`
const findEntity = 'SELECT id, name FROM entity WHERE key = ?'
const findRelation = `SELECT r.id, f.name || ' → ' || t.name AS name FROM relation r JOIN entity f ON f.id = r.from_id JOIN entity t ON t.id = r.to_id
  WHERE r.kind = ? AND f.key = ? AND t.key = ?`
const findView = 'SELECT id, name FROM saved_view WHERE key = ?'
const findDetection = `SELECT d.id, e.name FROM detection d JOIN entity e ON e.id = d.subject_id WHERE d.key = ?`

/** The row a key names now, and a word for it; id null when it is not there. Whoever was merged since is found as what they are now. */
export function findTarget(
  db: ReadStore,
  kind: Kind,
  key: string,
  followed = new Followed(db),
): { id: string | null; name: string } {
  const found = findExactly(db, kind, key)
  if (found.id !== null) return found
  const now = followed.now(key)
  return now === key ? found : findExactly(db, kind, now)
}

function findExactly(db: ReadStore, kind: Kind, key: string): { id: string | null; name: string } {
  const found = ((): { id: number; name?: string } | undefined => {
    switch (kind) {
      case 'view':
        return db.prepare(findView).get(key) as { id: number; name: string } | undefined
      case 'event': {
        const [sha256 = '', record = '', place = ''] = key.split(':')
        return db.prepare(findEvent).get(sha256, Number(record), Number(place)) as { id: number } | undefined
      }
      case 'entity':
        return db.prepare(findEntity).get(key) as { id: number; name: string } | undefined
      case 'relation': {
        // Keys of entities may hold the separator themselves: the kind is before the first, the rest is tried at each.
        const [relation = '', ...parts] = key.split('|')
        const statement = db.prepare(findRelation)
        for (let cut = 1; cut < parts.length; cut += 1) {
          const row = statement.get(relation, parts.slice(0, cut).join('|'), parts.slice(cut).join('|'))
          if (row !== undefined) return row as { id: number; name: string }
        }
        return undefined
      }
      case 'detection':
        return db.prepare(findDetection).get(key) as { id: number; name: string } | undefined
      case 'message':
      case 'url':
      case 'story':
      case 'plan-item':
        return undefined
    }
  })()
  if (kind === 'story' || kind === 'plan-item') return { id: key, name: '' }
  return found === undefined ? { id: null, name: '' } : { id: String(found.id), name: found.name ?? '' }
}
