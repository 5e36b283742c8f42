import { createHash } from 'node:crypto'
import { toMember } from '../identity/decisions.ts'
import { foldAlias } from '../identity/entity-book.ts'
import type { MarkTarget } from '../contract/nouns/work.ts'
import type { ReadStore } from '../store/store.ts'
import { readDecisions, type StoredDecision } from './stored-decisions.ts'

/** What a decision split off is called by the number of the decision, which is another in every case. */
const LOCAL = /(^|\|)((?:user|endpoint|mailbox|group):split:)(\d{1,15})(?=$|\|)/g
const COMMON = /(^|\|)((?:user|endpoint|mailbox|group):split:)@([0-9a-f]{32})(?=$|\|)/g

const entityByKey = 'SELECT id, key, name, kind FROM entity WHERE key = ?'
const byAlias = `SELECT DISTINCT e.key FROM alias a JOIN entity e ON e.id = a.entity_id
  WHERE a.kind = ? AND a.value = ? AND e.kind = ? LIMIT 2`
const detectionSubject = 'SELECT e.key FROM detection d JOIN entity e ON e.id = d.subject_id WHERE d.key = ?'
/** Names that mean one and the same everywhere, firmest first; short host names are used again and are left out. */
const FIRMEST = ['sid', 'object-id', 'guid', 'device-id', 'upn', 'smtp', 'account', 'dn', 'fqdn']

interface EntityRow {
  readonly id: number
  readonly key: string
  readonly name: string
  readonly kind: string
}

/**
 * Names of things that two cases of the same evidence share. Events are named by the hash of their file, stories and detections by
 * what they are made of; entities by their keys, which depend on what evidence there is: one that is not here under its key is looked
 * for by its firmest names.
 */
export class KeyBook {
  readonly #db: ReadStore
  /** Our case, when this is the other's book. */
  readonly #mine: ReadStore | null
  /** What an entity is called, by its key here. */
  readonly #entities = new Map<string, string>()
  readonly #marks = new Map<number, string>()
  readonly #ids = new Map<string, number>()
  readonly decisions: readonly (StoredDecision & { readonly mark: string })[]
  readonly unreadable: readonly { item: string; problem: string }[]

  constructor(db: ReadStore, mine: ReadStore | null) {
    this.#db = db
    this.#mine = mine
    const { decisions, unreadable } = readDecisions(db)
    this.unreadable = unreadable
    // Oldest first: a later one may speak of what an earlier one split off.
    this.decisions = decisions.map((decision) => {
      const mark = this.#markOf(decision)
      this.#marks.set(decision.id, mark)
      if (!this.#ids.has(mark) || decision.undoneAt === null) this.#ids.set(mark, decision.id)
      return { ...decision, mark }
    })
  }

  /** Two decisions that say the same have one mark: who is meant, and which names. */
  #markOf({ kind, entityKind, members, aliases }: StoredDecision): string {
    const keys = members.map(({ key }) => this.entity(key))
    const names = aliases.map((alias) => `${alias.kind}|${foldAlias(alias.kind, alias.value)}`)
    const text = JSON.stringify([kind, entityKind, kind === 'split' ? keys : keys.sort(), names.sort()])
    return createHash('sha256').update(text).digest('hex').slice(0, 32)
  }

  /** The common name of an entity by its key in this case. */
  entity(key: string): string {
    const known = this.#entities.get(key)
    if (known !== undefined) return known
    const found = this.#common(this.#mine === null ? key : this.#translated(key, this.#mine))
    this.#entities.set(key, found)
    return found
  }

  #common(key: string): string {
    return key.replace(LOCAL, (whole, before: string, stem: string, id: string) => {
      const mark = this.#marks.get(Number(id))
      return mark === undefined ? whole : `${before}${stem}@${mark}`
    })
  }

  #translated(key: string, mine: ReadStore): string {
    // Our number of a split is somebody else's number there.
    if (key.search(LOCAL) >= 0 || mine.prepare(entityByKey).get(key) !== undefined) return key
    const theirs = this.#db.prepare(entityByKey).get(key) as EntityRow | undefined
    if (theirs === undefined) return key
    const { names } = toMember(this.#db, theirs)
    for (const kind of FIRMEST)
      for (const name of names) {
        if (name.kind !== kind) continue
        const [first, second] = mine.prepare(byAlias).pluck().all(kind, name.value, theirs.kind) as string[]
        if (first !== undefined && second === undefined) return first
      }
    return key
  }

  /** The common name of what a mark stands on. */
  target(kind: MarkTarget['kind'], key: string): string {
    switch (kind) {
      case 'entity':
        return this.entity(key)
      case 'relation':
        return this.#relation(key)
      case 'detection': {
        const subject = this.#db.prepare(detectionSubject).pluck().get(key) as string | undefined
        if (subject === undefined) return this.#common(key)
        return key.split(`|${subject}|`).join(`|${this.entity(subject)}|`)
      }
      default:
        return key
    }
  }

  #relation(key: string): string {
    const [relation = '', ...parts] = key.split('|')
    const find = this.#db.prepare(entityByKey)
    for (let cut = 1; cut < parts.length; cut += 1) {
      const [from, to] = [parts.slice(0, cut).join('|'), parts.slice(cut).join('|')]
      if (find.get(from) !== undefined && find.get(to) !== undefined)
        return `${relation}|${this.entity(from)}|${this.entity(to)}`
    }
    return this.#common(key)
  }

  /** A common name as this case writes it; what no decision here made keeps its common name, and waits. */
  local(common: string): string {
    return common.replace(COMMON, (whole, before: string, stem: string, mark: string) => {
      const id = this.#ids.get(mark)
      return id === undefined ? whole : `${before}${stem}${id}`
    })
  }
}
