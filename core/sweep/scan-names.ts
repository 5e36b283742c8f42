import type { AliasKind } from '../model/relation.ts'
import type { ReadStore } from '../store/store.ts'
import type { SightingCollector } from './collector.ts'
import type { Matcher } from './matchers.ts'
import type { PLACES } from './observables.ts'

/** What names of entities are compared with. Names of files, pages and processes come from events, which are looked through. */
const KINDS: Readonly<Partial<Record<AliasKind, readonly (keyof typeof PLACES)[]>>> = {
  fqdn: ['host', 'domain'],
  netbios: ['host'],
  ip: ['ip'],
  smtp: ['email'],
  upn: ['email', 'account'],
  account: ['account'],
}
const list = `SELECT a.entity_id AS entity, a.kind, a.value, a.evidence_id AS evidenceId, a.record FROM alias a JOIN entity e ON e.id = a.entity_id
  WHERE a.evidence_id IS NOT NULL AND e.kind IN ('user', 'endpoint', 'mailbox', 'group') AND a.kind IN (SELECT value FROM json_each(?))`

/** Looks for the indicators among the names of users, endpoints, mailboxes and groups: who is known only from the directory. */
export function scanNames(
  db: ReadStore,
  matchers: ReadonlyMap<keyof typeof PLACES, Matcher>,
  collector: SightingCollector,
): void {
  for (const row of db.prepare(list).iterate(JSON.stringify(Object.keys(KINDS))) as IterableIterator<{
    entity: number
    kind: AliasKind
    value: string
    evidenceId: number
    record: number
  }>) {
    for (const kind of KINDS[row.kind] ?? []) {
      const matcher = matchers.get(kind)
      if (!matcher) continue
      const bare = row.kind === 'account' ? row.value.slice(row.value.lastIndexOf('\\') + 1) : row.value
      for (const number of new Set([...matcher.find(row.value), ...matcher.find(bare)])) {
        // Who was seen in a record needs no word of the directory.
        if (collector.hits.get(number)?.named.has(row.entity) === true) continue
        collector.add(number, {
          at: null,
          event: null,
          entity: row.entity,
          user: null,
          evidenceId: row.evidenceId,
          record: row.record,
          field: 'name',
          value: row.value,
        })
      }
    }
  }
}
