import type { BookEntity } from '../identity/entity-book.ts'
import type { DirectoryRight } from '../model/directory.ts'
import { readDomainRef, readForeignSid, readHostRef } from '../normalise/directory-ref.ts'
import { familyOf, supersededRecords } from '../store/snapshots.ts'
import { domainEntity } from './drafts.ts'
import type { EntityDraft } from './rule.ts'
import type { CorrelationView } from './view.ts'

/** Edges are read in pages: what a rule finds is written while it reads. */
const PAGE = 2_000
const snapshots = 'SELECT DISTINCT evidence_id FROM directory_edge ORDER BY evidence_id DESC'
const edges = `SELECT rowid AS id, record, relation, from_ref, to_ref, inherited FROM directory_edge
  WHERE evidence_id = ? AND rowid > ? ORDER BY rowid LIMIT ${PAGE}`

/** One right as a directory export states it; `fromRef` and `toRef` as in `DirectoryEdge`. */
export interface StatedEdge {
  readonly relation: DirectoryRight
  readonly fromRef: string
  readonly toRef: string
  readonly isInherited: boolean
  readonly proof: { readonly evidenceId: number; readonly record: number }
}

interface EdgeRow {
  readonly id: number
  readonly record: number
  readonly relation: DirectoryRight
  readonly from_ref: string
  readonly to_ref: string
  readonly inherited: number
}

/** What directory exports state and no newer one replaces: the newest export first, each in the order it was read. */
export function* statedEdges(view: CorrelationView): Generator<StatedEdge> {
  const superseded = supersededRecords(view.directory)
  const page = view.directory.prepare(edges)
  for (const evidenceId of view.directory.prepare(snapshots).pluck().all() as number[]) {
    const replaced = superseded.get(evidenceId)
    let rows = page.all(evidenceId, 0) as EdgeRow[]
    while (rows.length > 0) {
      for (const row of rows)
        if (replaced?.get(row.record)?.has(familyOf(row.relation)) !== true)
          yield {
            relation: row.relation,
            fromRef: row.from_ref,
            toRef: row.to_ref,
            isInherited: row.inherited === 1,
            proof: { evidenceId, record: row.record },
          }
      rows = page.all(evidenceId, rows.at(-1)?.id ?? 0) as EdgeRow[]
    }
  }
}

/** SID, object id, DN or host name -> the object, if an export of the case holds it. */
export function objectFinder(view: CorrelationView): (ref: string) => BookEntity | undefined {
  const known = new Map<string, BookEntity | undefined>()
  return (ref) => {
    if (known.has(ref)) return known.get(ref)
    const host = readHostRef(ref)
    const named = readForeignSid(ref) ?? ref
    let found: BookEntity | undefined =
      host === undefined ? findDomain(view, ref) : view.book.find('endpoint', host.alias, host.name)
    for (const kind of ['user', 'endpoint', 'group', 'domain', 'gpo', 'ou'] as const) {
      for (const alias of ['sid', 'object-id', 'guid', 'dn'] as const)
        found ??= view.book.find(kind, alias, named)
    }
    known.set(ref, found)
    return found
  }
}

/** A domain that a trust names, by its SID, else by its name. */
function findDomain(view: CorrelationView, ref: string): BookEntity | undefined {
  const { name, sid } = readDomainRef(ref) ?? {}
  const bySid = sid === undefined ? undefined : view.book.find('domain', 'sid', sid)
  if (bySid || name === undefined) return bySid
  return view.book.find('domain', 'fqdn', name) ?? view.book.find('domain', 'netbios', name)
}

/** A domain that only a trust names: its export is not in the case. */
export function trustedDomain(ref: string): EntityDraft | undefined {
  const { name, sid } = readDomainRef(ref) ?? {}
  if (name === undefined && sid === undefined) return undefined
  const { key, aliases = [], ...draft } = domainEntity(name ?? sid ?? '')
  return {
    ...draft,
    key,
    name: name ?? sid ?? '',
    attributes: { isExported: false },
    aliases: [
      ...(name === undefined ? [] : aliases),
      ...(sid === undefined ? [] : [{ kind: 'sid' as const, value: sid }]),
    ],
  }
}
