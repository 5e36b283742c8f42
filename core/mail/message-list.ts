import type { MessageRow } from '../contract/nouns/mail.ts'
import type { Page } from '../contract/shapes.ts'
import type { RiskLevel } from '../model/verdict.ts'
import { refang } from '../normalise/defang.ts'
import { pageAfter, parseCursor } from '../reputation/paging.ts'
import { levelAt } from '../reputation/severity.ts'
import { escapeLike } from '../store/strings.ts'
import type { ReadStore } from '../store/store.ts'
import { isTouched, messageRanks, messagesByTime, NO_LINKS, type IndexedMessage } from './message-index.ts'
import { readMessageRows } from './message-rows.ts'

export interface MessageFilter {
  readonly text: string
  readonly risk?: RiskLevel | null | undefined
  readonly touchedOnly: boolean
  readonly order: 'oldest' | 'newest' | 'risk'
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

/** After every real time, in either direction of time. */
const NO_TIME = Number.MAX_SAFE_INTEGER

/**
 * Logical messages page by page. Before the first correlation run copies are not grouped yet, and the list is empty.
 * Messages without a time come last; `risk` is the most dangerous first, then the newest.
 */
export function listMessages(db: ReadStore, now: number, filter: MessageFilter): Page<MessageRow> {
  const time = (row: IndexedMessage): number =>
    row.at === null ? NO_TIME : filter.order === 'oldest' ? row.at : -row.at
  const ranks = filter.order === 'risk' || filter.risk != null ? messageRanks(db, now) : undefined
  const rank = (row: IndexedMessage): number =>
    filter.order === 'risk' ? (ranks?.get(row.id) ?? NO_LINKS) : 0
  const keys = (row: IndexedMessage): readonly number[] => [rank(row), time(row), row.id]
  let found = messagesByTime(db, now)
  if (filter.text.trim() !== '') {
    const ids = findByText(db, filter.text)
    found = found.filter((row) => ids.has(row.id))
  }
  if (filter.risk != null) {
    found = found.filter(
      (row) =>
        (ranks?.get(row.id) ?? NO_LINKS) < NO_LINKS &&
        levelAt(ranks?.get(row.id) ?? NO_LINKS) === filter.risk,
    )
    if (!hasPacks(db)) found = []
  }
  if (filter.touchedOnly) found = found.filter((row) => isTouched(db, now, row.id))
  // The index is in the order of `oldest` already.
  const sorted = filter.order === 'oldest' ? found : sortByKeys(found, keys)
  const page = pageAfter(sorted, keys, parseCursor(filter.cursor, 3), filter.limit)
  const ids = page.rows.map((row) => row.id)
  return { rows: readMessageRows(db, now, ids), next: page.next, total: sorted.length }
}

const anyPack = 'SELECT EXISTS (SELECT 1 FROM pack)'
const hasPacks = (db: ReadStore): boolean => db.prepare(anyPack).pluck().get() === 1

function sortByKeys(
  rows: readonly IndexedMessage[],
  keys: (row: IndexedMessage) => readonly number[],
): readonly IndexedMessage[] {
  return rows
    .map((row) => ({ row, keys: keys(row) }))
    .sort(
      (a, b) =>
        (a.keys[0] ?? 0) - (b.keys[0] ?? 0) ||
        (a.keys[1] ?? 0) - (b.keys[1] ?? 0) ||
        (a.keys[2] ?? 0) - (b.keys[2] ?? 0),
    )
    .map(({ row }) => row)
}
