import { createHash } from 'node:crypto'
import type { PlanAction, PlanItem, PlanTarget } from '../contract/nouns/plan.ts'
import type { EntityRef, TextRef } from '../contract/shapes.ts'
import type { ReadStore } from '../store/store.ts'

/** A step before the analyst's decision is looked up. */
export type PlanDraft = Omit<PlanItem, 'state' | 'note' | 'decidedAt'>

const URGENCY: readonly PlanAction[] = [
  'isolate-endpoint',
  'revoke-sessions',
  'reset-account',
  'remove-inbox-rule',
  'block-url',
  'delete-message',
  'quarantine-message',
  'move-to-junk',
  'restore-message',
  'label-message',
  'tag-message',
  'notify-user',
]

/** Evidence named per step; a link in a newsletter has relations by the hundred. */
const MAX_PROOFS = 50

const NO_TARGET: PlanTarget = {
  mailbox: null,
  messageId: null,
  uniqueId: null,
  subject: null,
  sender: null,
  deliveredAt: null,
  url: null,
  account: null,
  endpoint: null,
  inboxRule: null,
  text: null,
}

interface Proofs {
  readonly messages?: readonly EntityRef[]
  readonly relations?: readonly string[]
  readonly events?: readonly string[]
}

/** Collects steps; the same step for another reason is one step with both reasons. */
export class Steps {
  readonly #drafts = new Map<string, PlanDraft>()
  readonly #keyOf
  /** @param before steps that more is added to */
  constructor(db: ReadStore, before: readonly PlanDraft[] = []) {
    for (const draft of before) this.#drafts.set(draft.id, draft)
    this.#keyOf = db.prepare('SELECT key FROM entity WHERE id = ?').pluck()
  }

  /** @param key what makes the step this one; entities by their keys, so that a colleague's case of the same evidence calls it the same */
  add(
    action: PlanAction,
    key: readonly (string | null | EntityRef)[],
    target: Partial<PlanTarget>,
    subject: EntityRef | null,
    reason: { readonly rule: string; readonly text: TextRef },
    proofs: Proofs,
  ): void {
    const id = createHash('sha256')
      .update(
        JSON.stringify([
          action,
          ...key.map((part) =>
            part === null || typeof part === 'string'
              ? part
              : (this.#keyOf.get(Number(part.id)) ?? part.name),
          ),
        ]),
      )
      .digest('hex')
      .slice(0, 24)
    const known = this.#drafts.get(id) ?? {
      id,
      action,
      target: { ...NO_TARGET, ...target },
      subject,
      reasons: [],
      evidence: { messages: [], relations: [], events: [] },
    }
    const isNew = !known.reasons.some((one) => JSON.stringify(one) === JSON.stringify(reason))
    const { messages, relations, events } = known.evidence
    this.#drafts.set(id, {
      ...known,
      reasons: isNew ? [...known.reasons, reason] : known.reasons,
      evidence: {
        messages: [
          ...messages,
          ...(proofs.messages ?? []).filter((one) => !messages.some((m) => m.id === one.id)),
        ].slice(0, MAX_PROOFS),
        relations: [...new Set([...relations, ...(proofs.relations ?? [])])].slice(0, MAX_PROOFS),
        events: [...new Set([...events, ...(proofs.events ?? [])])].slice(0, MAX_PROOFS),
      },
    })
  }

  /** Machines and accounts in use by somebody else come first, then what spreads, then messages, then words. */
  list(): PlanDraft[] {
    return [...this.#drafts.values()].sort((a, b) => URGENCY.indexOf(a.action) - URGENCY.indexOf(b.action))
  }
}
