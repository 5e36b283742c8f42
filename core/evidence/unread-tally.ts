import { z } from 'zod'

/** So many members of one reason are listed one by one; a triage with 30,000 of them stays readable. */
const LISTED = 50
/** Names that stand for the others of their kind. */
const NAMES = 5
/** Endings an archive can make up without end; the rest is one kind. */
const MAX_KINDS = 100

const Kind = z.object({ count: z.number(), bytes: z.number(), names: z.array(z.string()) })
/** As it is kept in the import cursor. */
const State = z.object({
  listed: z.array(z.tuple([z.string(), z.number()])),
  kinds: z.array(z.tuple([z.string(), Kind])),
})

/**
 * Members of an archive that were not read, by kind: count, size and first names, for one issue a kind. It is part of
 * the import cursor, so a resumed import goes on counting.
 */
export class UnreadTally {
  /** Members listed so far by why they were not read. */
  readonly #listed = new Map<string, number>()
  readonly #kinds = new Map<string, z.infer<typeof Kind>>()

  /** Takes up a kept state; undefined or something else starts at nothing. */
  static from(kept: unknown): UnreadTally {
    const tally = new UnreadTally()
    const state = State.safeParse(kept)
    if (!state.success) return tally
    for (const [why, count] of state.data.listed) tally.#listed.set(why, count)
    for (const [kind, entry] of state.data.kinds) tally.#kinds.set(kind, entry)
    return tally
  }

  /** Counts a member that is not read for this reason. @returns true when it is still to be listed on its own */
  list(why: string, name: string, bytes: number | null): boolean {
    const listed = this.#listed.get(why) ?? 0
    if (listed < LISTED) {
      this.#listed.set(why, listed + 1)
      return true
    }
    const ending = /\.[a-z0-9_-]{1,12}$/i.exec(name)?.[0].toLowerCase() ?? 'no ending'
    this.add(why === 'unrecognised' ? ending : `${why} ${ending}`, name, bytes)
    return false
  }

  add(kind: string, name: string, bytes: number | null): void {
    const known = this.#kinds.has(kind) || this.#kinds.size < MAX_KINDS ? kind : 'other'
    const entry = this.#kinds.get(known) ?? { count: 0, bytes: 0, names: [] }
    entry.count += 1
    entry.bytes += bytes ?? 0
    if (entry.names.length < NAMES) entry.names.push(name.slice(-100))
    this.#kinds.set(known, entry)
  }

  toJSON(): z.infer<typeof State> | undefined {
    if (this.#listed.size === 0 && this.#kinds.size === 0) return undefined
    return { listed: [...this.#listed], kinds: [...this.#kinds] }
  }

  /** One line a kind: `lnk × 812, 1048576 bytes: a.lnk, b.lnk, …` */
  lines(): readonly { kind: string; excerpt: string }[] {
    return [...this.#kinds].map(([kind, { count, bytes, names }]) => ({
      kind,
      excerpt: `${kind} × ${count}, ${bytes} bytes: ${names.join(', ')}${count > names.length ? ', …' : ''}`,
    }))
  }
}
