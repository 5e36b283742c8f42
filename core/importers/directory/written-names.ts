import { toDnKey } from '../../normalise/distinguished-name.ts'
import type { Attributes } from './attributes.ts'

/** Attributes whose values are memberships: of whom, and in what. */
const MEMBERSHIPS = ['member', 'uniqueMember', 'memberOf', 'primaryGroup'] as const
/** A crafted export can name another object in every value. Beyond this, names are known in lower case only. */
const MAX_NAMES = 500_000
const MAX_DN = 4_096

/**
 * How an export spells the objects that its memberships name. Edges keep names in the one form that compares; a group that is in no
 * export is called by what is written here.
 */
export class WrittenNames {
  readonly #seen = new Set<string>()

  /** Names in the memberships of an object that none before it wrote; undefined when there is none. */
  take(attributes: Attributes): readonly string[] | undefined {
    const found: string[] = []
    for (const dn of MEMBERSHIPS.flatMap((name) => attributes.texts(name))) {
      if (dn.length > MAX_DN || !dn.includes('=') || this.#seen.size >= MAX_NAMES) continue
      const key = toDnKey(dn)
      if (this.#seen.has(key)) continue
      this.#seen.add(key)
      if (key !== dn) found.push(dn)
    }
    return found.length === 0 ? undefined : found
  }
}
