import type { ReadStore } from '../store/store.ts'
import { replayActions, toMailAction, type ActionRecord } from './action-history.ts'
import { messageEvents, toActionRecord } from './message-events.ts'

const copies = `SELECT evidence_id, record, event_id, mailbox, coalesce(delivered_at, sent_at) AS at, recorded_action FROM message
  WHERE entity_id = ? AND mailbox IS NOT NULL ORDER BY id`

interface CopyRow {
  evidence_id: number
  record: number
  event_id: number
  mailbox: string
  at: number | null
  recorded_action: string | null
}

/**
 * What was done to each copy of a message: by the actions that its copies record, and by events after delivery (removals, security
 * events, moves). A record that is told both as a copy and as an event counts once, with the time of the event.
 * @param message entity id
 */
export class MessageHistory {
  readonly #copies
  readonly #db: ReadStore
  readonly #now: number
  constructor(db: ReadStore, now: number) {
    this.#db = db
    this.#now = now
    this.#copies = db.prepare(copies)
  }

  of(message: number): ReturnType<typeof replayActions> {
    const rows = this.#copies.all(message) as CopyRow[]
    const mailboxes = new Set(rows.map((copy) => copy.mailbox))
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
      records.push({
        mailbox: copy.mailbox,
        at: copy.at,
        word,
        action: toMailAction(word),
        succeeded: true,
        event: copy.event_id,
        source: { evidenceId: copy.evidence_id, record: copy.record },
      })
    }
    return replayActions(records)
  }
}
