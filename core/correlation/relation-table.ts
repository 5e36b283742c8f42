import type { RelationKind } from '../model/relation.ts'
import { POSSIBLE_RELATION_KINDS } from '../model/relation.ts'
import type { TextParams } from '../model/text.ts'
import type { WriteStore } from '../store/store.ts'
import { MENTION } from './mention.ts'
import type { RelationDraft } from './rule.ts'

/** Proofs kept per relation, enough that a path finds the recipient who acted among many; the rest is counted. */
const MAX_PROOFS = 64
/** Uses kept per relation for the path search; a beacon has more, and its first and last are always kept. */
const MAX_USES = 4096

/** Event id (null when none), evidence id, record, time. */
export type RelationProof = readonly [
  eventId: number | null,
  evidenceId: number,
  record: number,
  at: number | null,
]

/** What one unit says of a relation; ends are keys of entities. */
export interface RelationEntry {
  readonly kind: RelationKind
  readonly from: string
  readonly to: string
  count: number
  confidence: number
  rule: string
  reason: string
  params: TextParams
  uses: readonly number[]
  proofs: readonly RelationProof[]
  total: number
}

interface Growing extends Omit<RelationEntry, 'uses' | 'proofs'> {
  uses: number[]
  proofs: Map<string, RelationProof>
}
const POSSIBLE = new Set<RelationKind>(POSSIBLE_RELATION_KINDS)

/** Gathers what rules of one unit find: the same relation between the same two is one, with all its uses. */
export class RelationTable {
  readonly #entries = new Map<string, Growing>()

  get size(): number {
    return this.#entries.size
  }

  /** @param name kind and ends, as the unit numbers them */
  add(rule: string, name: string, from: string, to: string, draft: RelationDraft): void {
    const entry = this.#entries.get(name)
    const { confidence } = draft
    if (!entry) {
      const made: Growing = {
        kind: draft.kind,
        from,
        to,
        count: 0,
        confidence,
        rule,
        reason: draft.reason,
        params: draft.params ?? {},
        uses: [],
        proofs: new Map(),
        total: 0,
      }
      this.#entries.set(name, made)
      use(made, draft)
      return
    }
    if (confidence > entry.confidence) {
      entry.confidence = confidence
      entry.rule = rule
      entry.reason = draft.reason
      entry.params = draft.params ?? {}
    }
    use(entry, draft)
  }

  *entries(): Generator<RelationEntry> {
    for (const entry of this.#entries.values())
      yield { ...entry, uses: thin(entry.uses), proofs: [...entry.proofs.values()] }
  }
}

function use(entry: Growing, draft: RelationDraft): void {
  entry.count += 1
  if (draft.at !== null) entry.uses.push(draft.at)
  for (const { eventId, evidenceId, record } of draft.proof) {
    const key = `${evidenceId}:${record}:${eventId ?? ''}`
    if (entry.proofs.has(key)) continue
    entry.total += 1
    if (entry.proofs.size < MAX_PROOFS) entry.proofs.set(key, [eventId ?? null, evidenceId, record, draft.at])
  }
}

/**
 * What all units say of one relation: the surest reason (of the first unit among equals), all uses and proofs. A process
 * that several rules came upon ran on its endpoint once, as the earliest record says.
 */
export function foldRelations(entries: readonly RelationEntry[]): RelationEntry | undefined {
  const said = entries.filter((entry) => entry.rule !== MENTION.rule)
  if (said.length === 0) return earliest(entries)
  const [first, ...others] = said
  if (!first || others.length === 0) return first
  const whole = { ...first }
  const proofs = new Map(first.proofs.map((proof) => [`${proof[1]}:${proof[2]}:${proof[0] ?? ''}`, proof]))
  let uses = first.uses
  for (const other of others) {
    if (other.confidence > whole.confidence) {
      whole.confidence = other.confidence
      whole.rule = other.rule
      whole.reason = other.reason
      whole.params = other.params
    }
    whole.count += other.count
    uses = [...uses, ...other.uses]
    let known = 0
    for (const proof of other.proofs) {
      const key = `${proof[1]}:${proof[2]}:${proof[0] ?? ''}`
      if (proofs.has(key)) known += 1
      else proofs.set(key, proof)
    }
    whole.total += other.total - known
  }
  whole.uses = thin(uses)
  whole.proofs = [...proofs.values()].slice(0, MAX_PROOFS)
  return whole
}

function earliest(entries: readonly RelationEntry[]): RelationEntry | undefined {
  const [first] = entries
    .flatMap((entry) => entry.proofs.map((proof) => ({ entry, proof })))
    .sort(
      (a, b) =>
        (a.proof[3] ?? Infinity) - (b.proof[3] ?? Infinity) ||
        a.proof[1] - b.proof[1] ||
        a.proof[2] - b.proof[2],
    )
  if (!first) return undefined
  const { entry, proof } = first
  return { ...entry, count: 1, uses: proof[3] === null ? [] : [proof[3]], proofs: [proof], total: 1 }
}

/** Sorted, each once, and evenly thinned where there are too many, first and last kept. */
function thin(all: readonly number[]): number[] {
  const uses = [...new Set(all)].sort((a, b) => a - b)
  if (uses.length <= MAX_USES) return uses
  const step = (uses.length - 1) / (MAX_USES - 1)
  return Array.from({ length: MAX_USES }, (_, index) => uses[Math.round(index * step)] ?? 0)
}

const upsertRelation = `INSERT INTO relation (kind, from_id, to_id, first_at, last_at, count, confidence, observed, rule, reason, event_total, uses, run)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (kind, from_id, to_id) DO UPDATE SET first_at = excluded.first_at, last_at = excluded.last_at, count = excluded.count,
  confidence = excluded.confidence, observed = excluded.observed, rule = excluded.rule, reason = excluded.reason,
  event_total = excluded.event_total, uses = excluded.uses, run = excluded.run RETURNING id`
const insertProof =
  'INSERT INTO relation_proof (relation_id, position, event_id, evidence_id, record) VALUES (?, ?, ?, ?, ?)'

/** Writes relations; ids of what was there before stay. */
export class RelationRows {
  readonly #run: number
  readonly #relation
  readonly #proof
  readonly #forget

  constructor(db: WriteStore, run: number) {
    this.#run = run
    this.#relation = db.prepare(upsertRelation).pluck()
    this.#proof = db.prepare(insertProof)
    this.#forget = db.prepare('DELETE FROM relation_proof WHERE relation_id = ?')
  }

  write(entry: RelationEntry, from: number, to: number): void {
    const { kind, uses } = entry
    const id = this.#relation.get(
      kind,
      from,
      to,
      uses[0] ?? null,
      uses.at(-1) ?? null,
      entry.count,
      entry.confidence,
      POSSIBLE.has(kind) ? 0 : 1,
      entry.rule,
      JSON.stringify({ key: `rule.${entry.rule}.reason.${entry.reason}`, params: entry.params }),
      entry.total,
      Buffer.from(Float64Array.from(uses).buffer),
      this.#run,
    ) as number
    this.#forget.run(id)
    const proofs = [...entry.proofs].sort(
      (a, b) => (a[3] ?? 0) - (b[3] ?? 0) || a[1] - b[1] || a[2] - b[2] || (a[0] ?? 0) - (b[0] ?? 0),
    )
    for (const [position, [eventId, evidenceId, record]] of proofs.entries())
      this.#proof.run(id, position, eventId, evidenceId, record)
  }
}
