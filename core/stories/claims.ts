import type { Claim } from '../contract/nouns/story.ts'
import type { EntityRef, TextRef } from '../contract/shapes.ts'
import { RecordedTimes } from '../graph/recorded-times.ts'
import { isStanding, KIND_INDEX, type PackedNetwork } from '../graph/packed-network.ts'
import type { EntityKind, RelationKind } from '../model/relation.ts'
import type { ReadStore } from '../store/store.ts'
import { toIsoOrNull } from '../store/time.ts'
import { byTime, relationsByContent } from './content-order.ts'
import type { EntityFacts } from './entity-facts.ts'
import { placedNames } from './placed-names.ts'
import type { Proofs } from './proof.ts'
import { detectionsOf } from './source-counts.ts'
import { kindOf } from './story-paths.ts'
import type { Story } from './story.ts'

/** Sentences of one kind that are written out; the rest is one sentence with the count and its proof. */
const WRITTEN = 12

/** Relations this sure are what records state; below it they are concluded: from a name alone, a moment, a mention. */
const STATED = 0.8

/** What is told of a relation, and whether records of its kind say so or it is always concluded from them. */
const TOLD: Partial<Record<RelationKind, { readonly what: string; readonly kind: Claim['kind'] }>> = {
  'forwarded-as': { what: 'forwarded', kind: 'fact' },
  'clicked-by': { what: 'clicked', kind: 'fact' },
  'opened-on': { what: 'opened_on', kind: 'fact' },
  'downloaded-to': { what: 'downloaded', kind: 'fact' },
  'saved-as': { what: 'saved', kind: 'fact' },
  'extracted-to': { what: 'extracted', kind: 'fact' },
  'executed-as': { what: 'ran', kind: 'fact' },
  spawned: { what: 'started', kind: 'fact' },
  dropped: { what: 'wrote', kind: 'fact' },
  'injected-into': { what: 'injected', kind: 'fact' },
  'accessed-credentials': { what: 'credentials', kind: 'interpretation' },
  'installed-service': { what: 'service', kind: 'fact' },
  'created-task': { what: 'task', kind: 'fact' },
  'created-subscription': { what: 'subscription', kind: 'fact' },
  'wrote-registry': { what: 'registry', kind: 'fact' },
  'remote-execution': { what: 'remote_execution', kind: 'interpretation' },
  'remote-logon': { what: 'remote_logon', kind: 'fact' },
  'logged-on-to': { what: 'account_used', kind: 'interpretation' },
  'connected-to': { what: 'contacted', kind: 'fact' },
  'changed-mailbox': { what: 'mailbox_changed', kind: 'fact' },
  'accessed-mailbox': { what: 'mailbox_read', kind: 'fact' },
  'forwards-to': { what: 'forwards', kind: 'fact' },
  'signed-in-as': { what: 'signed_in', kind: 'fact' },
}

/** A copy in a mailbox, or its release: the mail system says that it arrived. A name among the recipients says less. */
const RECEIVED = 0.95

/** A statement is no surer than what proves it: a file of the same name is not the attachment. */
const standingOf = (kind: Claim['kind'], confidence: number): Claim['kind'] =>
  confidence < STATED ? 'interpretation' : kind

const delivered = KIND_INDEX.get('delivered-to') ?? 255

const refOf = (facts: EntityFacts, node: number): EntityRef => {
  const { id, kind, name } = facts.of(node)
  return { id: String(id), kind, name }
}

interface Drafted extends Omit<Claim, 'at' | 'clock'> {
  /** By the right time. */
  readonly time: number | null
  /** Row id of the relation whose use it tells. */
  readonly relation?: number
}

interface DetectionRow {
  readonly id: number
  readonly rule: string
  readonly what: string
  readonly first_at: number | null
  readonly confidence: number
}

const detections = `SELECT id, rule, what, first_at, confidence FROM detection
  JOIN (SELECT id AS subject, key AS whom FROM entity) ON subject = subject_id WHERE id IN (SELECT value FROM json_each(?))
  ORDER BY rule, what, whom, first_at, id`

/** The narrative: what happened, in the order of time, each sentence with its proof. */
export function claimsOf(
  db: ReadStore,
  network: PackedNetwork,
  facts: EntityFacts,
  proofs: Proofs,
  story: Story,
): Claim[] {
  const claims: Drafted[] = [
    ...mailClaims(network, facts, proofs, story),
    ...actClaims(network, facts, proofs, story),
    ...detectionClaims(db, facts, proofs, story),
  ]
  const clocks = new RecordedTimes(
    db,
    claims.flatMap(({ relation }) => relation ?? []),
  )
  return claims
    .sort((a, b) => byTime(a.time, b.time))
    .map(({ time, relation, ...claim }) => {
      const { at, clock } = relation === undefined ? { at: time, clock: null } : clocks.of(relation, time)
      return { ...claim, at: toIsoOrNull(at), clock }
    })
}

function mailClaims(network: PackedNetwork, facts: EntityFacts, proofs: Proofs, story: Story): Drafted[] {
  return story.messages.slice(0, WRITTEN).map((node) => {
    const deliveries: number[] = []
    const others: number[] = []
    for (let r = network.outStart[node] ?? 0; r < (network.outStart[node + 1] ?? 0); r += 1)
      (network.kinds[r] === delivered ? deliveries : others).push(r)
    const { firstSeen, name, attributes } = facts.of(node)
    const params = { subject: name, from: String(attributes.get('from') ?? '-'), count: deliveries.length }
    const base = { kind: 'fact' as const, entities: [refOf(facts, node)] }
    const useOf = (relation: number): number => network.uses[network.useStart[relation] ?? 0] ?? Infinity
    const sureOf = (relation: number): number => network.confidence[relation] ?? 0
    const received = deliveries.filter((relation) => sureOf(relation) >= RECEIVED)
    const [first] = received.toSorted((a, b) => useOf(a) - useOf(b))
    if (first === undefined) {
      const key = deliveries.length > 0 ? 'story.claim.mail_named' : 'story.claim.mail_sent'
      const proof = proofs.of(deliveries.length > 0 ? deliveries : others)
      return { ...base, text: text(key, params), time: firstSeen, confidence: 1, proof }
    }
    return {
      ...base,
      text: text('story.claim.mail', { ...params, count: received.length }),
      time: network.uses[network.useStart[first] ?? 0] ?? firstSeen,
      relation: network.ids[first] ?? 0,
      confidence: Math.min(...received.map(sureOf)),
      proof: proofs.of(received),
    }
  })
}

/** Relations that the narrative tells, by kind: those that made the story or lead on; not every file a program wrote. */
function actClaims(network: PackedNetwork, facts: EntityFacts, proofs: Proofs, story: Story): Drafted[] {
  const told = story.relations.filter((relation) => TOLD[kindOf(network, relation)] !== undefined)
  const claims: Drafted[] = []
  const namesOf = placedNames(network, facts, story)
  const inOrder = relationsByContent(network, facts)
  const ordered = told.toSorted(inOrder)
  for (const [kind, relations] of Map.groupBy(ordered, (relation) => kindOf(network, relation))) {
    const { what, kind: how } = TOLD[kind] ?? { what: kind, kind: 'fact' as const }
    const dated = relations
      .map((relation) => ({ relation, at: timeOf(network, story, relation) }))
      .sort((a, b) => byTime(a.at, b.at))
    const shown = dated.length > WRITTEN ? dated.slice(0, WRITTEN - 1) : dated
    for (const { relation, at } of shown) {
      const from = network.from[relation] ?? 0
      const to = network.to[relation] ?? 0
      claims.push({
        text: text(
          `story.claim.${what}${wayOf(what, facts.of(from).kind, facts.of(to).kind)}`,
          namesOf(from, to),
        ),
        time: at,
        relation: network.ids[relation] ?? 0,
        kind: standingOf(how, network.confidence[relation] ?? 0),
        confidence: network.confidence[relation] ?? 0,
        entities: [refOf(facts, from), refOf(facts, to)],
        proof: proofs.of([relation]),
      })
    }
    const rest = dated.slice(shown.length)
    const [first] = rest
    if (!first) continue
    const least = Math.min(...rest.map(({ relation }) => network.confidence[relation] ?? 0))
    claims.push({
      text: text(`story.more.${what}`, { count: rest.length }),
      time: first.at,
      relation: network.ids[first.relation] ?? 0,
      kind: standingOf(how, least),
      confidence: least,
      entities: [],
      proof: proofs.of(rest.map(({ relation }) => relation)),
    })
  }
  return claims
}

/** What rules found: in a large case one rule may find thousands of the same. */
function detectionClaims(db: ReadStore, facts: EntityFacts, proofs: Proofs, story: Story): Drafted[] {
  const rows = db.prepare(detections).all(JSON.stringify(detectionsOf(story.seeds))) as DetectionRow[]
  const seeds = new Map(story.seeds.map((seed) => [seed.detection, seed]))
  const claims: Drafted[] = []
  for (const [what, alike] of Map.groupBy(rows, (row) => `rule.${row.rule}.detection.${row.what}`)) {
    const dated = alike.toSorted((a, b) => byTime(a.first_at, b.first_at))
    const shown = dated.length > WRITTEN ? dated.slice(0, WRITTEN - 1) : dated
    for (const { id, first_at, confidence } of shown)
      claims.push({
        text: text(what, {}),
        time: first_at,
        kind: 'interpretation',
        confidence,
        entities: (seeds.get(id)?.nodes ?? []).slice(0, 5).map((node) => refOf(facts, node)),
        proof: proofs.of([], [id]),
      })
    const rest = dated.slice(shown.length)
    const [first] = rest
    if (!first) continue
    claims.push({
      text: text('story.more.detected', { what, count: rest.length }),
      time: first.first_at,
      kind: 'interpretation',
      confidence: Math.min(...rest.map(({ confidence }) => confidence)),
      entities: [],
      proof: proofs.of(
        [],
        rest.map(({ id }) => id),
      ),
    })
  }
  return claims
}

/** What is known of the endpoint alone was done on it, by whoever; what was run on it is not known either. */
const wayOf = (what: string, from: EntityKind, to: EntityKind): string => {
  if (what === 'remote_logon' && from === 'ip') return '_address'
  return (from === 'endpoint' && SET_UP.has(what)) || (to === 'endpoint' && what === 'remote_execution')
    ? '_on'
    : ''
}
const SET_UP: ReadonlySet<string> = new Set(['service', 'task', 'subscription', 'registry'])

const text = (key: string, params: Record<string, string | number>): TextRef => ({ key, params })

/** The first use within the story; a relation may be older than it (the same logon every morning). */
export function timeOf(network: PackedNetwork, story: Story, relation: number): number | null {
  if (isStanding(network.kinds[relation] ?? 0)) return null
  const led = story.usedAt.get(relation)
  if (led !== undefined) return led
  const begin = network.useStart[relation] ?? 0
  const end = network.useStart[relation + 1] ?? 0
  const touched = story.parts.get(network.to[relation] ?? -1)
  const since =
    touched?.relations.has(relation) && touched.first !== null
      ? Math.min(touched.first, story.startAt ?? touched.first)
      : story.startAt
  for (let use = begin; use < end; use += 1) {
    const at = network.uses[use] ?? 0
    if (since === null || at >= since) return at
  }
  return network.uses[end - 1] ?? null
}
