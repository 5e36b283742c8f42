import { readForeignSid } from '../normalise/directory-ref.ts'
import { listExportTimes } from '../store/snapshot-times.ts'
import type { ReadStore } from '../store/store.ts'
import type { BookEntity, EntityBook } from './entity-book.ts'

/** A group of the whole company says nothing of who read a message, and would be drawn as often as there are people. */
const MAX_MEMBERS = 1_000
/** Groups inside groups; directories end at some, crafted ones turn in circles. */
const MAX_DEPTH = 16

const snapshots = `SELECT e.id, (SELECT min(d.collected_at) FROM directory_object d WHERE d.evidence_id = e.id) AS stated
  FROM evidence e WHERE EXISTS (SELECT 1 FROM directory_edge x WHERE x.evidence_id = e.id AND x.relation = 'member-of')`
const edges = `SELECT from_ref, to_ref FROM directory_edge WHERE evidence_id = ? AND relation = 'member-of'`

type Lookup = Pick<EntityBook, 'find'>

/** Who was in a group when: as the directory export before that time says, else the first one after it. */
export class GroupMembers {
  readonly #db: ReadStore
  readonly #book: Lookup
  readonly #snapshots: readonly { readonly id: number; readonly at: number }[]
  readonly #edges = new Map<number, Map<string, string[]>>()
  readonly #known = new Map<string, readonly BookEntity[]>()

  constructor(db: ReadStore, book: Lookup) {
    this.#db = db
    this.#book = book
    const found = db.prepare(snapshots).all() as { id: number; stated: number | null }[]
    const times = found.length === 0 ? undefined : listExportTimes(db)
    this.#snapshots = found
      .map(({ id, stated }) => ({ id, at: stated ?? times?.get(id) ?? 0 }))
      .sort((a, b) => a.at - b.at || a.id - b.id)
  }

  /** Users of the group and of the groups in it; none when there are more than mail to all of them could tell apart. */
  at(group: BookEntity, at: number | null): readonly BookEntity[] {
    const holding = this.#snapshots.filter(({ id }) => this.#directly(id, group).length > 0)
    const snapshot = holding.findLast((one) => at === null || one.at <= at) ?? holding[0]
    return snapshot === undefined ? [] : this.#members(snapshot.id, group)
  }

  /** Users that any export names as members. */
  ever(group: BookEntity): readonly BookEntity[] {
    return [...new Set(this.#snapshots.flatMap(({ id }) => this.#members(id, group)))]
  }

  #members(evidenceId: number, group: BookEntity): readonly BookEntity[] {
    const name = `${evidenceId}|${group.key}`
    const known = this.#known.get(name)
    if (known) return known
    const users = new Set<BookEntity>()
    const seen = new Set<BookEntity>([group])
    let level: readonly BookEntity[] = [group]
    for (let depth = 0; depth < MAX_DEPTH && level.length > 0 && users.size <= MAX_MEMBERS; depth += 1) {
      const next: BookEntity[] = []
      for (const ref of level.flatMap((one) => this.#directly(evidenceId, one))) {
        const user = this.#resolve('user', ref)
        if (user) users.add(user)
        const inner = user ? undefined : this.#resolve('group', ref)
        if (!inner || seen.has(inner)) continue
        seen.add(inner)
        next.push(inner)
      }
      level = next
    }
    const found = users.size > MAX_MEMBERS ? [] : [...users]
    this.#known.set(name, found)
    return found
  }

  #resolve(kind: 'user' | 'group', stated: string): BookEntity | undefined {
    const ref = readForeignSid(stated) ?? stated
    return (
      this.#book.find(kind, 'sid', ref) ??
      this.#book.find(kind, 'object-id', ref) ??
      this.#book.find(kind, 'dn', ref)
    )
  }

  #directly(evidenceId: number, group: BookEntity): string[] {
    let members = this.#edges.get(evidenceId)
    if (!members) {
      members = new Map()
      for (const row of this.#db.prepare(edges).iterate(evidenceId) as IterableIterator<{
        from_ref: string
        to_ref: string
      }>) {
        const to = row.to_ref.toLowerCase()
        const list = members.get(to)
        if (list) list.push(row.from_ref)
        else members.set(to, [row.from_ref])
      }
      this.#edges.set(evidenceId, members)
    }
    const own = members
    return [...group.aliases.values()]
      .filter(({ kind }) => kind === 'sid' || kind === 'object-id' || kind === 'dn')
      .flatMap(({ value }) => own.get(value.toLowerCase()) ?? [])
  }
}

/** The group an address belongs to, unless somebody has it as well. */
export const groupOf = (book: Lookup, address: string): BookEntity | undefined =>
  book.find('user', 'smtp', address) ? undefined : book.find('group', 'smtp', address)

/** The address under which a user gets mail. */
export const addressOf = (user: BookEntity): string | undefined =>
  typeof user.attributes['mail'] === 'string'
    ? user.attributes['mail']
    : [...user.aliases.values()].find(({ kind }) => kind === 'smtp' || kind === 'upn')?.value
