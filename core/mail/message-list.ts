import type { CampaignRef, MessageRow } from '../contract/nouns/mail.ts'
import type { Page } from '../contract/shapes.ts'
import type { RiskLevel } from '../model/verdict.ts'
import { refang } from '../normalise/defang.ts'
import { pageAfter, parseCursor } from '../reputation/paging.ts'
import { severityOf } from '../reputation/severity.ts'
import { escapeLike } from '../store/strings.ts'
import type { ReadStore } from '../store/store.ts'
import { campaignMessages } from './campaigns.ts'
import { messageRanks, messagesIn, touchedLookup, type MessageOrder } from './message-index.ts'
import { readMessageRows } from './message-rows.ts'

export interface MessageFilter {
  readonly text: string
  readonly campaign?: CampaignRef | null | undefined
  readonly risk?: RiskLevel | null | undefined
  readonly touchedOnly: boolean
  readonly order: MessageOrder
  readonly cursor?: string | null | undefined
  readonly limit: number
}

const inMessage = `SELECT entity_id FROM message WHERE entity_id IS NOT NULL AND (subject LIKE @like ESCAPE '\\'
  OR from_address LIKE @like ESCAPE '\\' OR from_name LIKE @like ESCAPE '\\' OR mailbox LIKE @like ESCAPE '\\' OR message_id LIKE @like ESCAPE '\\')`
const inRecipient = `SELECT m.entity_id FROM message_recipient r JOIN message m ON m.id = r.message
  WHERE r.address LIKE @like ESCAPE '\\' AND m.entity_id IS NOT NULL`
const inUrl = `SELECT m.entity_id FROM url u JOIN message_url l ON l.url_id = u.id JOIN message m ON m.id = l.message
  WHERE u.url LIKE @like ESCAPE '\\' AND m.entity_id IS NOT NULL`
const inAttachment = `SELECT m.entity_id FROM attachment a JOIN message m ON m.id = a.message
  WHERE (a.name LIKE @like ESCAPE '\\' OR a.sha256 = @exact OR a.sha1 = @exact OR a.md5 = @exact) AND m.entity_id IS NOT NULL`

/** Entities of messages in which the text stands: subject, people, ids, links (defanged or not), attachments (name or hash). */
function findByText(db: ReadStore, text: string): ReadonlySet<number> {
  const plain = refang(text.trim())
  const like = `%${escapeLike(plain)}%`
  const found = new Set<number>()
  for (const sql of [inMessage, inRecipient, inUrl]) {
    for (const id of db.prepare(sql).pluck().iterate({ like }) as IterableIterator<number>) found.add(id)
  }
  const exact = plain.toLowerCase()
  for (const id of db.prepare(inAttachment).pluck().iterate({ like, exact }) as IterableIterator<number>)
    found.add(id)
  return found
}

const anyPack = 'SELECT EXISTS (SELECT 1 FROM pack)'

/**
 * Logical messages page by page. Before the first correlation run copies are not grouped yet, and the list is empty.
 * Messages without a time come last; `risk` is the most dangerous first, then the newest.
 */
export function listMessages(db: ReadStore, now: number, filter: MessageFilter): Page<MessageRow> {
  let found = messagesIn[filter.order](db, now)
  if (filter.text.trim() !== '') {
    const ids = findByText(db, filter.text)
    found = found.filter((row) => ids.has(row.id))
  }
  if (filter.campaign) {
    const ids = campaignMessages(db, now, filter.campaign)
    found = found.filter((row) => ids.has(row.id))
  }
  if (filter.risk != null) {
    const wanted = db.prepare(anyPack).pluck().get() === 1 ? severityOf(filter.risk) : undefined
    const ranks = messageRanks(db, now)
    found = found.filter((row) => ranks.get(row.id) === wanted)
  }
  if (filter.touchedOnly) {
    const isTouched = touchedLookup(db, now)
    found = found.filter((row) => isTouched(row.id))
  }
  const page = pageAfter(found, (row) => row.keys, parseCursor(filter.cursor, 3), filter.limit)
  const ids = page.rows.map((row) => row.id)
  return { rows: readMessageRows(db, now, ids), next: page.next, total: found.length }
}
