import type { EventItem } from '../model/event.ts'
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

/** An executed example: evidence items in, the relation kinds the rule must (or must not) find. */
export interface RuleExample {
  readonly title: string
  readonly items: readonly (EventItem | MessageItem | DirectoryItem)[]
  /** Relations that must be found, as `kind: fromName -> toName`; empty for an `ignores` example. */
  readonly finds: readonly string[]
}

/**
 * A correlation rule: one file `rules/<id>.rule.ts` with this as default export. It reads what is stored through the
 * view and yields relations; it never writes. Texts: `title`, `description`, `needs`, `falsePositives` and one
 * `reason.<what>` per reason it gives.
 */
export interface Rule {
  readonly id: string
  /** Rules run in this order: identity facts 10, processes 20, files 30, mail 40, joins 50 and later. */
  readonly order: number
  readonly texts: Texts
  readonly relations: readonly (ObservedRelationKind | RelationKind)[]
  /** ATT&CK technique ids, `T1566.001` style. */
  readonly attack: readonly string[]
  readonly matches: readonly RuleExample[]
  readonly ignores: readonly RuleExample[]
  run(view: CorrelationView): Iterable<RelationDraft>
}
