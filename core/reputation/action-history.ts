import type { ActionHistory, MAIL_STATES } from '../contract/nouns/mail.ts'
import { toIsoOrNull } from '../store/time.ts'

export type MailState = (typeof MAIL_STATES)[number]
type Step = ActionHistory['steps'][number]
export type MailAction = Step['action']

/** Something that evidence says was done to a copy; time in microseconds UTC. */
export interface ActionRecord {
  readonly mailbox: string
  readonly at: number | null
  /** The word of the evidence. */
  readonly word: string
  readonly action: MailAction
  readonly succeeded: boolean
  readonly event: number | null
  readonly source: { readonly evidenceId: number; readonly record: number }
}

/** Telling words first: `released from quarantine` is a release, `move to junk` no plain move. */
const WORDS: readonly (readonly [RegExp, MailAction])[] = [
  [/releas/i, 'released'],
  [/restor|recover|undelet|out ?of ?trash/i, 'restored'],
  [/quarantin/i, 'quarantined'],
  [/junk|spam/i, 'junked'],
  [/delet|trash|purg|remov/i, 'deleted'],
  [/block|reject|drop|discard|fail|bounce|denied/i, 'stopped'],
  [/move|archiv|redirect/i, 'moved'],
  [/deliver|insert|inbox|^pass|allow|accept|^sent$/i, 'delivered'],
]

/** What a word of a mail product means for the place of the copy; `other` when nothing. */
export const toMailAction = (word: string): MailAction =>
  WORDS.find(([pattern]) => pattern.test(word))?.[1] ?? 'other'

/**
 * Where each action leads, and from where it can be taken. A copy that was stopped or deleted does not come back by itself; a
 * release needs a quarantine; what is quarantined cannot be moved by its owner.
 */
const TRANSITIONS: Readonly<
  Record<Exclude<MailAction, 'other'>, { readonly from: readonly MailState[]; readonly to: MailState }>
> = {
  delivered: { from: ['unknown', 'delivered'], to: 'delivered' },
  junked: { from: ['unknown', 'delivered', 'junk'], to: 'junk' },
  quarantined: { from: ['unknown', 'delivered', 'junk', 'quarantined'], to: 'quarantined' },
  deleted: { from: ['unknown', 'delivered', 'junk', 'quarantined', 'deleted'], to: 'deleted' },
  moved: { from: ['unknown', 'delivered', 'junk'], to: 'delivered' },
  restored: { from: ['unknown', 'quarantined', 'deleted'], to: 'delivered' },
  released: { from: ['unknown', 'quarantined'], to: 'delivered' },
  stopped: { from: ['unknown', 'stopped'], to: 'stopped' },
}

/** Order of steps of one time: a copy is delivered before anything else is done to it. */
const RANK: Readonly<Record<MailAction, number>> = {
  delivered: 0,
  junked: 1,
  moved: 2,
  stopped: 3,
  quarantined: 4,
  released: 5,
  restored: 6,
  deleted: 7,
  other: 8,
}

const byTime = (a: ActionRecord, b: ActionRecord): number =>
  (a.at ?? Infinity) - (b.at ?? Infinity) ||
  RANK[a.action] - RANK[b.action] ||
  (a.event ?? 0) - (b.event ?? 0)

/** The same told by several exports is one step. */
function withoutRepeats(records: readonly ActionRecord[]): ActionRecord[] {
  const seen = new Set<string>()
  return records.filter((record) => {
    const key = `${record.at}|${record.action}|${record.succeeded}|${record.action === 'other' ? record.word : ''}`
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}

/** Plays the records of one copy as a state machine: where it was, step by step, and which steps contradict the others. */
function replay(
  mailbox: string,
  records: readonly ActionRecord[],
): ActionHistory & { readonly removedAt: number | null } {
  let state: MailState = 'unknown'
  let removedAt: number | null = null
  const steps = withoutRepeats([...records].sort((a, b) => byTime(a, b))).map((record): Step => {
    const from = state
    const transition = record.action === 'other' ? undefined : TRANSITIONS[record.action]
    const isPossible = transition === undefined || transition.from.includes(from)
    if (transition !== undefined && isPossible && record.succeeded) state = transition.to
    if (state === 'quarantined' || state === 'deleted' || state === 'stopped') removedAt ??= record.at
    else removedAt = null
    return {
      at: toIsoOrNull(record.at),
      word: record.word,
      action: record.action,
      from,
      to: state,
      isPossible,
      succeeded: record.succeeded,
      event: record.event === null ? null : String(record.event),
      source: { evidenceId: String(record.source.evidenceId), record: record.source.record },
    }
  })
  return { mailbox, state, steps, removedAt }
}

/** The histories of all copies of a message, by mailbox. `removedAt` is when a copy that is gone now left, in microseconds. */
export function replayActions(
  records: readonly ActionRecord[],
): (ActionHistory & { readonly removedAt: number | null })[] {
  const byMailbox = new Map<string, ActionRecord[]>()
  for (const record of records) {
    const known = byMailbox.get(record.mailbox)
    if (known === undefined) byMailbox.set(record.mailbox, [record])
    else known.push(record)
  }
  return [...byMailbox].sort(([a], [b]) => (a < b ? -1 : 1)).map(([mailbox, own]) => replay(mailbox, own))
}
