import type { BookAlias, BookEntity } from '../identity/entity-book.ts'
import type { CorrelationView } from './view.ts'

/**
 * What stands in the tree of a directory, and what holds other objects. A child domain is not contained in its parent: the
 * tree of names is not the tree of rights.
 */
const IN_TREE = ['user', 'endpoint', 'group', 'ou'] as const
const HOLDERS = ['ou', 'domain'] as const

/** An object below the unit, container or domain that its distinguished name puts it in. */
export interface Containment {
  readonly holder: BookEntity
  readonly object: BookEntity
  readonly proof: { readonly evidenceId: number; readonly record: number }
}

/** Who contains whom, by the newest distinguished name of each object: an object that was moved stands in one place. */
export function* listContained(view: CorrelationView): Generator<Containment> {
  for (const object of IN_TREE.flatMap((kind) => [...view.entities(kind)])) {
    const name = newestName(object)
    const above = name === undefined ? undefined : nameAbove(name.value)
    if (name?.proof == null || above === undefined) continue
    let holder: BookEntity | undefined
    for (const kind of HOLDERS) holder ??= view.book.find(kind, 'dn', above)
    // a child domain is not contained in its parent: the tree of names is not the tree of rights
    if (holder && holder !== object) yield { holder, object, proof: name.proof }
  }
}

/** Where an object stands, as the newest export that tells says: identity reads that first. */
export function newestName(object: BookEntity): BookAlias | undefined {
  for (const alias of object.aliases.values()) if (alias.kind === 'dn') return alias
  return undefined
}

/** The distinguished name above: behind the first comma that is not escaped (RFC 4514, 2.4). */
export function nameAbove(dn: string): string | undefined {
  for (let at = 0; at < dn.length; at += 1) {
    if (dn[at] === '\\') at += 1
    else if (dn[at] === ',') {
      const above = dn.slice(at + 1).trim()
      return above === '' ? undefined : above
    }
  }
  return undefined
}
