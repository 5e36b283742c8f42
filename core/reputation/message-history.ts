import type { ReadStore } from '../store/store.ts'
import { replayActions, toMailAction, type ActionRecord, type MailAction } from './action-history.ts'
import { messageEvents, toActionRecord } from './message-events.ts'
import { ONLY_RECIPIENT } from './only-recipient.ts'

const copies = `SELECT id, evidence_id, record, event_id, mailbox, coalesce(delivered_at, sent_at) AS at, recorded_action FROM message
  WHERE entity_id = ? AND (mailbox IS NOT NULL OR recorded_action IS NOT NULL) ORDER BY id`

interface CopyRow {
  id: number
  evidence_id: number
  record: number
  event_id: number
  mailbox: string | null
  at: number | null
  recorded_action: string | null
}

/** What keeps a copy from its mailbox: such a copy has a history although no mailbox got it. Of others only the way is known. */
const HOLDS: ReadonlySet<MailAction> = new Set<MailAction>(['quarantined', 'stopped', 'deleted'])

/**
 * What was done to each copy of a message: by the actions that its copies record, and by events after delivery (removals, security
 * events, moves). A record that is told both as a copy and as an event counts once, with the time of the event.
 */
export class MessageHistory {
  readonly #copies
  readonly #onlyRecipient
  readonly #db: ReadStore
  readonly #now: number
  constructor(db: ReadStore, now: number) {
    this.#db = db
    this.#now = now
    this.#copies = db.prepare(copies)
    this.#onlyRecipient = db.prepare(ONLY_RECIPIENT).pluck()
  }

  /** @param message entity id */
  of(message: number): ReturnType<typeof replayActions> {
    return replayActions(this.records(message))
  }

  /** The records a history is played from, those that say the same twice included. */
  records(message: number): ActionRecord[] {
    const rows = this.#copies.all(message) as CopyRow[]
    const mailboxes = new Set(rows.flatMap((copy) => copy.mailbox ?? []))
    // An event that names nobody belongs to the only copy there is.
    const only = mailboxes.size === 1 ? [...mailboxes][0] : undefined
    const events = messageEvents(this.#db, this.#now).ofMessage.get(message) ?? []
    const records = events.flatMap((event): ActionRecord[] => {
      const record = toActionRecord(event)
      return record === undefined ? [] : [{ ...record, mailbox: record.mailbox || (only ?? '') }]
    })
    const told = new Set(records.map(({ source }) => `${source.evidenceId} ${source.record}`))
    for (const copy of rows) {
      const word = copy.recorded_action ?? 'delivered'
      if (copy.recorded_action !== null && told.has(`${copy.evidence_id} ${copy.record}`)) continue
      const mailbox = copy.mailbox ?? this.#heldFor(copy, toMailAction(word))
      if (mailbox === null) continue
      records.push({
        mailbox,
        at: copy.at,
        word,
        action: toMailAction(word),
        succeeded: true,
        event: copy.event_id,
        source: { evidenceId: copy.evidence_id, record: copy.record },
      })
    }
    return records
  }

  /** Whose copy was held on its way in, where the row says it of one recipient alone. */
  #heldFor(copy: CopyRow, action: MailAction): string | null {
    if (!HOLDS.has(action)) return null
    return (this.#onlyRecipient.get(copy.id) as string | null | undefined) ?? null
  }
}
