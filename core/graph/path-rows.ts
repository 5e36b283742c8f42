import type { AttackPath } from '../contract/nouns/graph.ts'
import { WorkbenchError } from '../model/errors.ts'
import type { ReadStore } from '../store/store.ts'
import { toIsoOrNull } from '../store/time.ts'
import type { FoundPath } from './path-search.ts'
import { RecordedTimes } from './recorded-times.ts'
import { RELATION_COLUMNS, toRelationRows, type StoredRelation } from './relation-rows.ts'

const byIds = `SELECT ${RELATION_COLUMNS} FROM relation WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id`
const proofs = `SELECT p.relation_id AS relation, p.event_id AS event, e.at, e.endpoint_id AS endpoint, e.user_id AS user
  FROM relation_proof p JOIN event e ON e.id = p.event_id WHERE p.relation_id IN (SELECT value FROM json_each(?)) ORDER BY p.relation_id, p.position`

interface Proof {
  readonly relation: number
  readonly event: number
  readonly at: number | null
  readonly endpoint: number | null
  readonly user: number | null
}

/** Events cited for one hop. */
const CITED = 3

export const relationsById = (db: ReadStore, ids: readonly number[]): StoredRelation[] =>
  db.prepare(byIds).all(JSON.stringify(ids)) as StoredRelation[]

/** Found paths with names, rules and reasons; each hop cites the events that belong to this path, nearest in time first. */
export function toAttackPaths(db: ReadStore, paths: readonly FoundPath[]): AttackPath[] {
  const rows = relationsById(db, [...new Set(paths.flatMap((path) => path.hops.map((hop) => hop.link.id)))])
  const relations = new Map(toRelationRows(db, rows).map((row) => [Number(row.id), row]))
  const byRelation = Map.groupBy(
    db.prepare(proofs).all(JSON.stringify([...relations.keys()])) as Proof[],
    (proof) => proof.relation,
  )
  const clocks = new RecordedTimes(db, [...relations.keys()])
  return paths.map((path) => {
    const people = peopleOf(path, byRelation)
    const shown = clocks.ofHops(path.hops)
    const times = shown.map(({ at }) => at).filter((at) => at !== null)
    return {
      confidence: path.confidence,
      startAt: toIsoOrNull(times[0] ?? null),
      endAt: toIsoOrNull(times.at(-1) ?? null),
      hops: path.hops.map(({ link }, place) => {
        const { at = null, clock = null } = shown[place] ?? {}
        const row = relations.get(link.id)
        if (!row) throw new WorkbenchError('internal', { name: 'relation' })
        const events = cite(byRelation.get(link.id) ?? [], at, people)
        return {
          relationId: row.id,
          from: row.from,
          to: row.to,
          relation: row.kind,
          at: toIsoOrNull(at),
          clock,
          confidence: row.confidence,
          rule: row.rule,
          observed: row.observed,
          reason: row.reason,
          events,
        }
      }),
    }
  })
}

const distance = (proof: Proof, at: number | null): number =>
  at === null || proof.at === null ? 0 : Math.abs(proof.at - at)

/**
 * The accounts that act on a path: its own user nodes, and whoever the endpoint events at the hops' times name. One
 * message has many recipients; only the delivery to the one who acted belongs to the path.
 */
function peopleOf(path: FoundPath, byRelation: ReadonlyMap<number, readonly Proof[]>): ReadonlySet<number> {
  const people = new Set(path.hops.flatMap(({ link }) => [link.from, link.to]))
  for (const { link, at } of path.hops) {
    const acts = (byRelation.get(link.id) ?? []).filter(
      (proof) => proof.endpoint !== null && proof.user !== null,
    )
    const [nearest] = acts.sort((a, b) => distance(a, at) - distance(b, at))
    if (nearest?.user != null) people.add(nearest.user)
  }
  return people
}

function cite(candidates: readonly Proof[], at: number | null, people: ReadonlySet<number>): string[] {
  const rank = (proof: Proof): number =>
    proof.endpoint !== null || (proof.user !== null && people.has(proof.user)) ? 0 : 1
  const ranked = [...candidates].sort(
    (a, b) => rank(a) - rank(b) || distance(a, at) - distance(b, at) || a.event - b.event,
  )
  // Where the path's own people are known, a stranger's copy proves nothing about it.
  const own = ranked.filter((proof) => rank(proof) === 0)
  return (own.length > 0 ? own : ranked).slice(0, CITED).map((proof) => String(proof.event))
}
