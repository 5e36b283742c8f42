import type { TextRef } from '../contract/shapes.ts'
import type { AliasKind } from '../model/relation.ts'
import type { ReadStore } from '../store/store.ts'
import { type Decision, JOINABLE, type JoinableKind } from './decisions.ts'
import { domainSid, splitAccount } from './well-known.ts'

/** How much one likeness says. None is enough to join: that stays with the analyst. */
const CONFIDENCE = {
  display_name: 0.5,
  local_part: 0.45,
  account_name: 0.35,
  short_host: 0.45,
  host_letters: 0.3,
} as const
type Likeness = keyof typeof CONFIDENCE
/** What makes it less likely that two are one. */
const AGAINST = { same_domain: 0.4, object_ids: 0.6, full_names: 0.7 } as const

/** A name that so many bear says nothing of any two of them. */
const MAX_BEARERS = 8
/** Names every domain and machine has. */
const COMMON =
  /^(administrator|administrateur|guest|krbtgt|defaultaccount|wdagutilityaccount|info|admin|root|user|test|no-?reply|postmaster|support)$/

interface Known {
  readonly id: number
  readonly key: string
  readonly name: string
  readonly kind: JoinableKind
  readonly names: { readonly kind: AliasKind; readonly value: string }[]
}
export interface Candidate {
  readonly a: Known
  readonly b: Known
  readonly reasons: readonly TextRef[]
  readonly against: readonly TextRef[]
  readonly confidence: number
}

const rows = `SELECT e.id, e.key, e.name, e.kind, a.kind AS alias, a.value, a.reason FROM entity e JOIN alias a ON a.entity_id = e.id
  WHERE e.kind = ? AND a.kind IN ('name', 'upn', 'smtp', 'account', 'netbios', 'fqdn', 'sid', 'object-id') ORDER BY e.id, a.kind, a.value`

/**
 * Pairs of one kind that may be one, with what speaks for and against it; surest first. Linear in names: they are put together by
 * what is alike, and what many share is left out.
 */
export function findCandidates(
  db: ReadStore,
  decisions: readonly Decision[],
  only?: JoinableKind,
): Candidate[] {
  const decided = new Set(
    decisions
      // Taken back, "not one" is open again; a merge that was taken back was looked at.
      .filter(({ kind, undoneAt }) => kind !== 'apart' || undoneAt === null)
      .flatMap(({ members }) => members.flatMap((a) => members.map((b) => `${a.key}|${b.key}`))),
  )
  return JOINABLE.filter((kind) => only === undefined || kind === only)
    .flatMap((kind) => candidatesOf(db, kind))
    .filter(({ a, b }) => !decided.has(`${a.key}|${b.key}`))
    .sort((a, b) => b.confidence - a.confidence || a.a.id - b.a.id || a.b.id - b.b.id)
}

function candidatesOf(db: ReadStore, kind: JoinableKind): Candidate[] {
  const known = new Map<number, Known>()
  const alike = new Map<string, Set<Known>>()
  for (const row of db.prepare(rows).iterate(kind) as IterableIterator<
    Omit<Known, 'names'> & { alias: AliasKind; value: string; reason: string }
  >) {
    const { id, key, name } = row
    const entity = known.get(id) ?? { id, key, name, kind, names: [] }
    known.set(id, entity)
    entity.names.push({ kind: row.alias, value: row.value })
    const isDisplay = row.reason.includes('display_name')
    for (const [likeness, value] of likenesses(kind, row.alias, row.value, isDisplay)) {
      const group = `${likeness}|${value}`
      const bearers = alike.get(group)
      if (bearers) bearers.add(entity)
      else alike.set(group, new Set([entity]))
    }
  }
  const pairs = new Map<string, { a: Known; b: Known; likenesses: Map<Likeness, string> }>()
  for (const [group, bearers] of alike) {
    if (bearers.size < 2 || bearers.size > MAX_BEARERS) continue
    const cut = group.indexOf('|')
    const list = [...bearers].sort((a, b) => a.id - b.id)
    for (const [index, a] of list.entries())
      for (const b of list.slice(index + 1)) {
        const pair = pairs.get(`${a.id}|${b.id}`) ?? { a, b, likenesses: new Map<Likeness, string>() }
        pairs.set(`${a.id}|${b.id}`, pair)
        pair.likenesses.set(group.slice(0, cut) as Likeness, group.slice(cut + 1))
      }
  }
  return [...pairs.values()].map(({ a, b, likenesses: found }) => {
    const sorted = [...found].sort(([x], [y]) => CONFIDENCE[y] - CONFIDENCE[x])
    const against = contradictions(a, b)
    const unlike = sorted.reduce((product, [likeness]) => product * (1 - CONFIDENCE[likeness]), 1)
    return {
      a,
      b,
      reasons: sorted.map(([likeness, value]) => ({ key: `identity.like_${likeness}`, params: { value } })),
      against: against.map((why) => ({ key: `identity.unlike_${why}`, params: {} })),
      confidence: Number(against.reduce((left, why) => left * AGAINST[why], 1 - unlike).toFixed(3)),
    }
  })
}

/** What two entities would have to share to look alike. */
function* likenesses(
  kind: JoinableKind,
  alias: AliasKind,
  value: string,
  isDisplay: boolean,
): Generator<[Likeness, string]> {
  const folded = value.toLowerCase().trim()
  if (kind === 'endpoint') {
    if (alias === 'netbios') {
      yield ['short_host', folded]
      const letters = folded.replace(/[^\p{L}\p{N}]/gu, '')
      if (letters.length > 3) yield ['host_letters', letters]
    }
    return
  }
  if (alias === 'name' && isDisplay && folded.length > 3) yield ['display_name', folded.replace(/\s+/g, ' ')]
  const local =
    alias === 'upn' || alias === 'smtp'
      ? folded.split('@')[0]
      : alias === 'account'
        ? splitAccount(folded)[1]
        : ''
  if (local === undefined || local.length < 3 || COMMON.test(local)) return
  yield [alias === 'account' ? 'account_name' : 'local_part', local]
}

function contradictions(a: Known, b: Known): (keyof typeof AGAINST)[] {
  const of = (entity: Known, kind: AliasKind) =>
    entity.names.filter((name) => name.kind === kind).map(({ value }) => value.toLowerCase())
  const found: (keyof typeof AGAINST)[] = []
  const domains = new Set(of(a, 'sid').map(domainSid))
  const own = new Set([...of(a, 'sid'), ...of(a, 'object-id'), ...of(a, 'fqdn')])
  const isOther = (value: string) => !own.has(value)
  if (of(b, 'sid').some((sid) => isOther(sid) && domains.has(domainSid(sid)))) found.push('same_domain')
  if (of(a, 'object-id').length > 0 && of(b, 'object-id').some(isOther)) found.push('object_ids')
  if (of(a, 'fqdn').length > 0 && of(b, 'fqdn').some(isOther)) found.push('full_names')
  return found
}
