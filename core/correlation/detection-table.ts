import { DETECTION_LEVELS, type DetectionLevel } from '../model/detection.ts'
import type { TextParams } from '../model/text.ts'
import type { WriteStore } from '../store/store.ts'
import type { DetectionDraft } from './rule.ts'

/** Proofs kept per detection; a spray of a thousand passwords is proven by these, the rest is counted. */
const MAX_PROOFS = 200

/** Event id (null when none), evidence id, record. */
export type DetectionProof = readonly [eventId: number | null, evidenceId: number, record: number]

/** What one unit says of a detection; subject and involved are keys of entities. */
export interface DetectionEntry {
  readonly rule: string
  readonly what: string
  readonly subject: string
  readonly window: string
  level: DetectionLevel
  confidence: number
  reason: string
  params: TextParams
  first: number | null
  last: number | null
  count: number
  involved: readonly string[]
  proofs: readonly DetectionProof[]
  total: number
}
interface Growing extends Omit<DetectionEntry, 'involved' | 'proofs'> {
  readonly involved: Set<string>
  readonly proofs: Map<string, DetectionProof>
}

/** Gathers what rules of one unit detect: the same detection about the same entity (and episode) is one. */
export class DetectionTable {
  readonly #entries = new Map<string, Growing>()

  get size(): number {
    return this.#entries.size
  }

  add(rule: string, subject: string, involved: readonly string[], draft: DetectionDraft): void {
    const window = draft.window ?? ''
    const name = JSON.stringify([draft.detection, subject, window])
    let entry = this.#entries.get(name)
    if (!entry) {
      entry = {
        rule,
        what: draft.detection,
        subject,
        window,
        level: draft.level,
        confidence: 0,
        reason: '',
        params: {},
        first: null,
        last: null,
        count: 0,
        involved: new Set(),
        proofs: new Map(),
        total: 0,
      }
      this.#entries.set(name, entry)
    }
    raise(entry, draft.level, draft.confidence, draft.reason, draft.params ?? {})
    for (const at of [draft.at, draft.until ?? null]) stretch(entry, at)
    entry.count += 1
    for (const one of involved) entry.involved.add(one)
    for (const { eventId, evidenceId, record } of draft.proof) {
      const own = `${evidenceId}:${record}:${eventId ?? ''}`
      if (entry.proofs.has(own)) continue
      entry.total += 1
      if (entry.proofs.size < MAX_PROOFS) entry.proofs.set(own, [eventId ?? null, evidenceId, record])
    }
  }

  *entries(): Generator<DetectionEntry> {
    for (const entry of this.#entries.values())
      yield { ...entry, involved: [...entry.involved], proofs: [...entry.proofs.values()] }
  }
}

type Weight = Pick<DetectionEntry, 'level' | 'confidence' | 'reason' | 'params'>
function raise(
  entry: Weight,
  level: DetectionLevel,
  confidence: number,
  reason: string,
  params: TextParams,
): void {
  if (confidence > entry.confidence) {
    entry.confidence = confidence
    entry.reason = reason
    entry.params = params
  }
  if (DETECTION_LEVELS.indexOf(level) > DETECTION_LEVELS.indexOf(entry.level)) entry.level = level
}

function stretch(entry: { first: number | null; last: number | null }, at: number | null): void {
  if (at === null) return
  if (entry.first === null || at < entry.first) entry.first = at
  if (entry.last === null || at > entry.last) entry.last = at
}

/** What all units of a rule say of one detection. */
export function foldDetections(entries: readonly DetectionEntry[]): DetectionEntry | undefined {
  const [first, ...others] = entries
  if (!first || others.length === 0) return first
  const whole = { ...first }
  const involved = new Set(first.involved)
  const proofs = new Map(first.proofs.map((proof) => [`${proof[1]}:${proof[2]}:${proof[0] ?? ''}`, proof]))
  for (const other of others) {
    raise(whole, other.level, other.confidence, other.reason, other.params)
    stretch(whole, other.first)
    stretch(whole, other.last)
    whole.count += other.count
    for (const one of other.involved) involved.add(one)
    let known = 0
    for (const proof of other.proofs) {
      const key = `${proof[1]}:${proof[2]}:${proof[0] ?? ''}`
      if (proofs.has(key)) known += 1
      else proofs.set(key, proof)
    }
    whole.total += other.total - known
  }
  whole.involved = [...involved]
  whole.proofs = [...proofs.values()].slice(0, MAX_PROOFS)
  return whole
}

const upsert = `INSERT INTO detection (key, rule, what, level, subject_id, first_at, last_at, count, confidence, reason, proof_total, run)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (key) DO UPDATE SET level = excluded.level, subject_id = excluded.subject_id, first_at = excluded.first_at,
  last_at = excluded.last_at, count = excluded.count, confidence = excluded.confidence, reason = excluded.reason,
  proof_total = excluded.proof_total, run = excluded.run RETURNING id`
const insertEntity = 'INSERT OR IGNORE INTO detection_entity (detection_id, entity_id) VALUES (?, ?)'
const insertProof =
  'INSERT INTO detection_proof (detection_id, position, event_id, evidence_id, record) VALUES (?, ?, ?, ?, ?)'

const FORGET = [
  'DELETE FROM detection_entity WHERE detection_id = ?',
  'DELETE FROM detection_proof WHERE detection_id = ?',
]

/** The key of a detection's row: the same over runs. */
export const detectionKey = (entry: Pick<DetectionEntry, 'rule' | 'what' | 'subject' | 'window'>): string =>
  `${entry.rule}|${entry.what}|${entry.subject}|${entry.window}`

/** Writes detections; ids of what was there before stay. */
export class DetectionRows {
  readonly #run: number
  readonly #detection
  readonly #entity
  readonly #proof
  readonly #forgets

  constructor(db: WriteStore, run: number) {
    this.#run = run
    this.#detection = db.prepare(upsert).pluck()
    this.#entity = db.prepare(insertEntity)
    this.#proof = db.prepare(insertProof)
    this.#forgets = FORGET.map((sql) => db.prepare(sql))
  }

  /** @param involved ids of others with a part in it */
  write(entry: DetectionEntry, subject: number, involved: readonly number[]): void {
    const id = this.#detection.get(
      detectionKey(entry),
      entry.rule,
      entry.what,
      entry.level,
      subject,
      entry.first,
      entry.last,
      entry.count,
      entry.confidence,
      JSON.stringify({ key: `rule.${entry.rule}.reason.${entry.reason}`, params: entry.params }),
      entry.total,
      this.#run,
    ) as number
    for (const forget of this.#forgets) forget.run(id)
    for (const one of new Set([subject, ...involved])) this.#entity.run(id, one)
    for (const [position, [eventId, evidenceId, record]] of entry.proofs.entries())
      this.#proof.run(id, position, eventId, evidenceId, record)
  }
}
