import { type DetectionEntry, DetectionTable } from './detection-table.ts'
import { DraftedEntities, type EntityEntry, type Mention } from './drafted-entities.ts'
import { MENTION } from './mention.ts'
import { type RelationEntry, RelationTable } from './relation-table.ts'
import { type EntityHandle, type Find, isDetection, type RelationDraft } from './rule.ts'
import type { CorrelationView } from './view.ts'

/**
 * Entities and finds of one unit that are held; beyond, what there is goes to the store, and what comes later of the same thing
 * is told once more: a rule over the whole of a company's mail finds a relation for every recipient.
 */
const MOST_HELD = 8_192

/** Takes what a unit found, some of it or all. */
export interface FindSink {
  readonly entities: (entries: Iterable<EntityEntry>) => void
  readonly finds: (entries: Iterable<RelationEntry | DetectionEntry>) => void
}

/** What one rule finds in one unit, by keys of entities: it stays true while what the rule read stays the same. */
export class UnitFinds {
  readonly #rule: string
  readonly #view: CorrelationView
  readonly #gathersMentions: boolean
  readonly #sink: FindSink
  #entities = new DraftedEntities()
  #relations = new RelationTable()
  #detections = new DetectionTable()
  /** Keys are long, relations many: inside the unit an entity is a number. */
  readonly #numbers = new Map<string, number>()
  readonly #known = new Map<number, string>()

  /** @param gathersMentions also says of processes that only others name where they ran (see mention.ts) */
  constructor(rule: string, view: CorrelationView, sink: FindSink, gathersMentions: boolean) {
    this.#sink = sink
    this.#rule = rule
    this.#view = view
    this.#gathersMentions = gathersMentions && rule !== MENTION.rule
  }

  add(find: Find): void {
    if (isDetection(find)) {
      const involved = (find.involved ?? []).map((handle) => this.#keyOf(handle, find))
      this.#detections.add(this.#rule, this.#keyOf(find.subject, find), involved, find)
    } else this.#relate(this.#rule, find)
    if (this.#entities.size + this.#relations.size + this.#detections.size > MOST_HELD) this.flush()
  }

  /** Hands over what is held. To be called when the rule has come to its end. */
  flush(): void {
    this.#sink.entities(this.#entities.entries())
    this.#sink.finds(this.#finds())
    this.#entities = new DraftedEntities()
    this.#relations = new RelationTable()
    this.#detections = new DetectionTable()
    this.#numbers.clear()
    this.#known.clear()
  }

  *#finds(): Generator<RelationEntry | DetectionEntry> {
    yield* this.#relations.entries()
    yield* this.#detections.entries()
  }

  #relate(rule: string, draft: RelationDraft): void {
    const from = this.#keyOf(draft.from, draft)
    const to = this.#keyOf(draft.to, draft)
    if (from === to) return
    this.#relations.add(rule, `${draft.kind}|${this.#numberOf(from)}|${this.#numberOf(to)}`, from, to, draft)
  }

  #numberOf(key: string): number {
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    this.#numbers.set(key, this.#numbers.size)
    return this.#numbers.size - 1
  }

  #keyOf(handle: EntityHandle, mention: Mention): string {
    if (typeof handle === 'number') {
      const known = this.#known.get(handle)
      if (known !== undefined) return known
      const { key } = this.#view.entity(handle)
      this.#known.set(handle, key)
      return key
    }
    this.#entities.add(handle, mention)
    if (this.#gathersMentions && handle.kind === 'process' && !this.#numbers.has(handle.key)) {
      this.#numberOf(handle.key)
      const by = this.#view.mentionOf(handle.key)
      if (by && by.endpointId !== null)
        this.#relate(MENTION.rule, {
          kind: 'ran-on',
          from: handle,
          to: by.endpointId,
          at: by.at,
          confidence: MENTION.confidence,
          reason: MENTION.reason,
          proof: [{ eventId: by.id, evidenceId: by.evidenceId, record: by.record }],
        })
    }
    return handle.key
  }
}
