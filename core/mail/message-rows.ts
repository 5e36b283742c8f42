import type { MessageRow } from '../contract/nouns/mail.ts'
import { riskOfMessages } from '../reputation/risk.ts'
import type { ReadStore } from '../store/store.ts'
import { toIsoOrNull } from '../store/time.ts'
import { touchedLookup } from './message-index.ts'

const copies = `SELECT m.entity_id, m.message_id, m.subject, m.from_address, m.from_name, m.mailbox, m.sent_at, m.delivered_at
  FROM json_each(?) i CROSS JOIN message m ON m.entity_id = i.value ORDER BY i.key, m.id`
const boxes = `SELECT r.from_id AS id, count(*) AS count FROM json_each(?) i CROSS JOIN relation r ON r.from_id = i.value AND r.kind = 'delivered-to' GROUP BY r.from_id`
const recipients = `SELECT m.entity_id AS id, count(DISTINCT r.address) AS count FROM json_each(?) i CROSS JOIN message m ON m.entity_id = i.value
  CROSS JOIN message_recipient r ON r.message = m.id GROUP BY m.entity_id`
const urls = `SELECT m.entity_id AS id, count(DISTINCT l.url_id) AS count FROM json_each(?) i CROSS JOIN message m ON m.entity_id = i.value
  CROSS JOIN message_url l ON l.message = m.id GROUP BY m.entity_id`
const attachments = `SELECT m.entity_id AS id, count(DISTINCT coalesce(a.entity_id, -a.id)) AS count FROM json_each(?) i
  CROSS JOIN message m ON m.entity_id = i.value CROSS JOIN attachment a ON a.message = m.id GROUP BY m.entity_id`

interface CopyRow {
  entity_id: number
  message_id: string | null
  subject: string
  from_address: string | null
  from_name: string | null
  mailbox: string | null
  sent_at: number | null
  delivered_at: number | null
}

const earliest = (times: readonly (number | null)[]): number | null =>
  times.reduce((a, b) => (a === null ? b : b === null ? a : Math.min(a, b)), null)

/** The rows of these message entities, in the order given; ids that are no message are left out. */
export function readMessageRows(db: ReadStore, now: number, ids: readonly number[]): MessageRow[] {
  const wanted = JSON.stringify(ids)
  const countOf = (rows: unknown): ReadonlyMap<number, number> =>
    new Map((rows as { id: number; count: number }[]).map((row) => [row.id, row.count]))
  const delivered = countOf(db.prepare(boxes).all(wanted))
  const named = countOf(db.prepare(recipients).all(wanted))
  const links = countOf(db.prepare(urls).all(wanted))
  const files = countOf(db.prepare(attachments).all(wanted))
  const isTouched = touchedLookup(db, now)
  const risks = riskOfMessages(db, ids, now)
  const groups = new Map<number, CopyRow[]>()
  for (const copy of db.prepare(copies).iterate(wanted) as IterableIterator<CopyRow>) {
    const group = groups.get(copy.entity_id)
    if (group === undefined) groups.set(copy.entity_id, [copy])
    else group.push(copy)
  }
  return [...groups].map(([id, group]) => {
    const boxCount = new Set(group.flatMap((copy) => (copy.mailbox === null ? [] : [copy.mailbox]))).size
    const sender = group.find((copy) => copy.from_address !== null)
    return {
      id: String(id),
      messageId: group.find((copy) => copy.message_id !== null)?.message_id ?? null,
      subject: group.find((copy) => copy.subject !== '')?.subject ?? '',
      from: sender?.from_address ?? '',
      fromName: group.find((copy) => copy.from_name !== null)?.from_name ?? '',
      sentAt: toIsoOrNull(earliest(group.map((copy) => copy.sent_at))),
      deliveredAt: toIsoOrNull(earliest(group.map((copy) => copy.delivered_at))),
      mailboxes: Math.max(delivered.get(id) ?? 0, boxCount) || (named.get(id) ?? 0),
      urls: links.get(id) ?? 0,
      attachments: files.get(id) ?? 0,
      risk: risks.get(id) ?? { then: null, now: null },
      touched: isTouched(id),
    }
  })
}
