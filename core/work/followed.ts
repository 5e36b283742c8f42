import type { ReadStore } from '../store/store.ts'

/** Users, endpoints, mailboxes and groups inside a key: it may be theirs, or that of a thing, relation or detection of theirs. */
const WHO = /(^|[|:])((?:user|endpoint|mailbox|group):[^|]+)/gu

const exists = 'SELECT 1 FROM entity WHERE key = ?'
const merges = `SELECT members FROM identity_decision WHERE kind = 'merge' AND undone_at IS NULL ORDER BY id`
const named = `SELECT DISTINCT e.key FROM alias a JOIN entity e ON e.id = a.entity_id WHERE e.kind = ? AND lower(a.value) = ? LIMIT 2`
const marked = `SELECT DISTINCT target_kind AS kind, target_key AS key FROM mark WHERE target_kind IN ('entity', 'relation', 'detection')`

/**
 * Marks stay with whom they were set on: an analyst says that two are one, or a directory is imported later and gives a machine a firmer
 * key. The mark keeps the key it was set with (so that undoing the merge gives it back); here is who bears it today.
 */
export class Followed {
  readonly #db: ReadStore
  readonly #now = new Map<string, string>()
  #joined: ReadonlyMap<string, string> | undefined
  #older: ReadonlyMap<string, readonly string[]> | undefined

  constructor(db: ReadStore) {
    this.#db = db
  }

  /** The key as it would be given today; the same where nothing is known. */
  now(key: string): string {
    return key.replaceAll(WHO, (_whole, before: string, who: string) => before + this.#whoNow(who))
  }

  /** Keys under which marks were set on a thing before it had the key of today. */
  before(kind: string, key: string): readonly string[] {
    this.#older ??= this.#readOlder()
    return this.#older.get(`${kind} ${key}`) ?? []
  }

  #readOlder(): ReadonlyMap<string, readonly string[]> {
    const older = new Map<string, string[]>()
    for (const { kind, key } of this.#db.prepare(marked).all() as { kind: string; key: string }[]) {
      const now = this.now(key)
      if (now === key) continue
      const place = `${kind} ${now}`
      older.set(place, [...(older.get(place) ?? []), key])
    }
    return older
  }

  #whoNow(key: string): string {
    const known = this.#now.get(key)
    if (known !== undefined) return known
    const found = this.#find(key)
    this.#now.set(key, found)
    return found
  }

  #find(key: string): string {
    if (this.#exists(key)) return key
    this.#joined ??= this.#readMerges()
    let last = key
    const seen = new Set<string>()
    for (
      let next = this.#joined.get(last);
      next !== undefined && !seen.has(last);
      next = this.#joined.get(last)
    ) {
      seen.add(last)
      last = next
    }
    if (this.#exists(last)) return last
    // Another name was firmer this time: who bears the old one alone is meant.
    const cut = key.indexOf(':')
    const [only, ...others] = this.#db
      .prepare(named)
      .pluck()
      .all(key.slice(0, cut), key.slice(cut + 1)) as string[]
    return only !== undefined && others.length === 0 ? only : key
  }

  #exists(key: string): boolean {
    return this.#db.prepare(exists).get(key) !== undefined
  }

  #readMerges(): ReadonlyMap<string, string> {
    const joined = new Map<string, string>()
    for (const members of this.#db.prepare(merges).pluck().all() as string[]) {
      const [first, ...others] = JSON.parse(members) as { readonly key: string }[]
      for (const other of others) if (first && other.key !== first.key) joined.set(other.key, first.key)
    }
    return joined
  }
}
