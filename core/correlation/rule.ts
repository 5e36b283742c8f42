import type { EventItem } from '../model/event.ts'
import type { DetectionLevel } from '../model/detection.ts'
import type { DirectoryItem } from '../model/directory.ts'
import type { MessageItem } from '../model/message.ts'
import type { AliasKind, EntityKind, ObservedRelationKind, RelationKind } from '../model/relation.ts'
import type { TextParams, Texts } from '../model/text.ts'
import type { CorrelationView } from './view.ts'

/**
 * How a rule names an entity: by an existing id, or by the identity that makes it (`key` is unique per kind and stable
 * over runs: a process is `endpointId|guid`, a file `endpointId|path`). New entities are created by the run.
 */
export interface EntityDraft {
  readonly kind: EntityKind
  readonly key: string
  readonly name: string
  readonly attributes?: Readonly<Record<string, string | number | boolean>>
  readonly aliases?: readonly { readonly kind: AliasKind; readonly value: string }[]
}
export type EntityHandle = number | EntityDraft

/**
 * One finding of a rule: a relation with the record that proves it.
 * @property at microseconds UTC of this use; null for a standing fact
 * @property reason key under the rule's texts (`reason.<what>`) with parameters
 */
export interface RelationDraft {
  readonly kind: RelationKind
  readonly from: EntityHandle
  readonly to: EntityHandle
  readonly at: number | null
  /** 0..1: how sure this relation is; several finds of one relation keep the highest. */
  readonly confidence: number
  readonly reason: string
  readonly params?: TextParams
  readonly proof: readonly {
    readonly eventId?: number
    readonly evidenceId: number
    readonly record: number
  }[]
}

/**
 * A pattern over events that is no relation between two: beaconing, a spray of passwords, a mailbox rule after an odd
 * sign-in. One detection per rule, `detection` and `subject` (and `window`, where a rule tells episodes apart): drafts
 * with the same three are one, with all their proofs; the highest level and confidence stand.
 * @property detection key under the rule's texts, `detection.<what>`: a short title
 * @property subject whom it is about: the account, endpoint, mailbox or process
 * @property involved others with a part in it
 * @property until microseconds UTC of its end; null or left out for a moment
 * @property reason key under the rule's texts (`reason.<what>`) with parameters: what was seen, with figures
 */
export interface DetectionDraft {
  readonly detection: string
  readonly level: DetectionLevel
  readonly subject: EntityHandle
  readonly involved?: readonly EntityHandle[]
  readonly window?: string
  readonly at: number | null
  readonly until?: number | null
  readonly confidence: number
  readonly reason: string
  readonly params?: TextParams
  readonly proof: RelationDraft['proof']
}

/** What a rule finds. */
export type Find = RelationDraft | DetectionDraft
export const isDetection = (find: Find): find is DetectionDraft => 'detection' in find

/** An executed example: evidence items in, the relation kinds the rule must (or must not) find. */
export interface RuleExample {
  readonly title: string
  readonly items: readonly (EventItem | MessageItem | DirectoryItem)[]
  /**
   * What must be found: relations as `kind: fromName -> toName`, detections as `!what: subjectName`; empty for an
   * `ignores` example.
   */
  readonly finds: readonly string[]
}

/**
 * A correlation rule: one file `rules/<id>.rule.ts` with this as default export. It reads what is stored through the
 * view and yields relations and detections; it never writes. Texts: `title`, `description`, `needs`, `falsePositives`,
 * one `reason.<what>` per reason and one `detection.<what>` per detection it gives.
 */
export interface Rule {
  readonly id: string
  /** Rules run in this order: identity facts 10, processes 20, files 30, mail 40, joins 50 and later. */
  readonly order: number
  readonly texts: Texts
  readonly relations: readonly (ObservedRelationKind | RelationKind)[]
  /** What it detects, if it does: the `<what>` of its texts. */
  readonly detections?: readonly string[]
  /**
   * `endpoint`: what it finds on an endpoint follows from that endpoint's own events and names alone (and it starts
   * from events, processes or sessions of the view), so that new evidence re-runs it for the endpoints it touches
   * only. Left out: the whole case.
   */
  readonly scope?: 'endpoint'
  /** ATT&CK technique ids, `T1566.001` style. */
  readonly attack: readonly string[]
  /**
   * Which of `attack` a detection stands for, by `what`, where the rule knows several; by `what/reason` where that follows from what was
   * seen (the last word of the reason, or its parameter `variant`). Empty: none of them by itself.
   */
  readonly attackOf?: Readonly<Record<string, readonly string[]>>
  readonly matches: readonly RuleExample[]
  readonly ignores: readonly RuleExample[]
  run(view: CorrelationView): Iterable<Find>
}
