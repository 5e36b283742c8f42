import type { MessageCopy } from './message-copy.ts'
import type { RelationDraft } from './rule.ts'
import type { CorrelationView } from './view.ts'

/** Servers send a copy on within moments; a queue may take minutes. */
const SENT_ON_US = 300_000_000
/** Two mailboxes of one delivery get their copies in the same second. */
const APART_US = 1_000_000
/** The forward is recorded, and a copy came the way it says. */
const USED = 0.93

/** A forward that somebody set. */
export interface SetForward {
  readonly from: number
  readonly to: number
  readonly at: number | null
  readonly proof: RelationDraft['proof']
}

/**
 * Messages that a forward sent on: the mailbox it leads to got a copy of the same message seconds after the one it leads from. Such a
 * copy came by the forward: nobody sent it there.
 */
export function* usedForwards(
  view: CorrelationView,
  forwards: readonly SetForward[],
): Generator<RelationDraft> {
  if (forwards.length === 0) return
  const bySource = Map.groupBy(forwards, ({ from }) => from)
  const byTarget = Map.groupBy(forwards, ({ to }) => to)
  /** Message -> mailbox that forwards -> its copy. */
  const sources = new Map<number, Map<number, MessageCopy>>()
  for (const copy of view.mail.copies)
    for (const { id } of copy.mailboxes)
      if (bySource.has(id)) {
        const known = sources.get(copy.message.id) ?? new Map<number, MessageCopy>()
        sources.set(copy.message.id, known)
        const earlier = known.get(id)
        if (!earlier || timeOf(copy) < timeOf(earlier)) known.set(id, copy)
      }
  const told = new Set<string>()
  for (const copy of view.mail.copies) {
    const known = sources.get(copy.message.id)
    if (!known) continue
    for (const { id } of copy.mailboxes)
      for (const forward of byTarget.get(id) ?? []) {
        const source = known.get(forward.from)
        const key = `${copy.message.id}|${forward.from}|${id}`
        if (!source || told.has(key) || !isSentOn(source, copy, forward)) continue
        told.add(key)
        yield {
          kind: 'forwards-to',
          from: forward.from,
          to: id,
          at: timeOf(copy),
          confidence: USED,
          reason: 'forward_used',
          params: {
            subject: copy.subject.slice(0, 200),
            seconds: Math.round((timeOf(copy) - timeOf(source)) / 1e6),
          },
          proof: [...forward.proof, proofOf(source), proofOf(copy)],
        }
      }
  }
}

function isSentOn(source: MessageCopy, copy: MessageCopy, { at }: SetForward): boolean {
  const later = timeOf(copy) - timeOf(source)
  return later >= APART_US && later <= SENT_ON_US && (at === null || at <= timeOf(copy))
}

const timeOf = (copy: MessageCopy): number => copy.deliveredAt ?? copy.sentAt ?? Infinity
const proofOf = ({ eventId, evidenceId, record }: MessageCopy) => ({ eventId, evidenceId, record })
